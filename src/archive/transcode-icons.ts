import { Dataset, type Element } from "../dicom/dataset.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { frameShape, imageTags } from "../pixels/frame-shape.ts";
import { recodedDataset } from "../pixels/recoded-attributes.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { openFrames } from "./frames.ts";
import { pixelElement } from "./pixel-data.ts";
import type { TranscodingSource } from "./transcoding-source.ts";

/**
 * The dataset with the images in its sequences, icons mostly, decoded: these may be native in any transfer syntax (PS3.5 §A.4), but
 * encapsulated only in their own.
 */
export async function withNativeIcons(pool: CodecPool, source: TranscodingSource): Promise<Dataset> {
  const { dataset } = source;
  if (![...dataset].some(hasIcon)) return dataset;
  const elements: Element[] = [];
  for (const element of dataset) elements.push(hasIcon(element) ? await nativeItems(pool, source, element) : element);
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}

/** Whether there is an encapsulated image somewhere in the items. */
function hasIcon({ items = [] }: Element): boolean {
  return items.some((item) => [...item].some((element) => element.fragments !== undefined || hasIcon(element)));
}

async function nativeItems(pool: CodecPool, source: TranscodingSource, element: Element): Promise<Element> {
  const items: Dataset[] = [];
  for (const item of element.items ?? []) {
    const dataset = await withNativeIcons(pool, { ...source, dataset: item });
    items.push(await nativeIcon(pool, { ...source, dataset }));
  }
  return { ...element, items };
}

async function nativeIcon(pool: CodecPool, source: TranscodingSource): Promise<Dataset> {
  const { dataset, transferSyntaxUID } = source;
  const pixels = pixelElement(source);
  if (pixels?.fragments === undefined) return dataset;
  const before = frameShape(dataset);
  const frames = await openFrames(pixels, source.readValue);
  const encoded = Buffer.concat(await Array.fromAsync(frames.read(0)));
  const { shape: after, bytes } = await pool.run({
    bytes: encoded,
    shape: before,
    encodedIn: transferSyntaxUID,
    target: { kind: "native" },
  });
  const vr = after.bitsAllocated > 8 ? "OW" : "OB";
  const native: Element = { tag: imageTags.PixelData, vr, offset: 0, length: bytes.length, value: bytes };
  const wasLossy = transferSyntax(transferSyntaxUID)?.lossy === true;
  return recodedDataset(dataset, { before, after, wasLossy }, native);
}
