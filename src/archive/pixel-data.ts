import type { Dataset, Element, Fragment } from "../dicom/dataset.ts";
import type { Tag } from "../dicom/tag.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { explicitVR, type VR } from "../dicom/vr.ts";
import { imageTags } from "../pixels/frame-shape.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { Archive, InstanceHeader } from "./archive.ts";
import type { ReadValue } from "./stream-dataset.ts";

/** The pixel data of an image, left where they are. */
export interface PixelElement {
  readonly tag: Tag;
  readonly dataset: Dataset;
  readonly transferSyntaxUID: string;
  readonly vr: VR;
  /** Of the value, for `Archive.readValue`. */
  readonly offset: number;
  readonly length: number;
  /** Of encapsulated pixel data; item 0 is the Basic Offset Table. */
  readonly fragments?: readonly Fragment[];
}

/**
 * Finds the pixel data of an instance. Native ones are found by the header alone, so that a frame of a large file costs no more
 * than that frame.
 * @throws ServerError InexistentItem without pixel data
 */
export async function findPixelData(
  archive: Pick<Archive, "header" | "dataset" | "readValue">,
  instance: string,
): Promise<PixelElement> {
  const header = await archive.header(instance);
  if (header?.pixelDataOffset !== undefined && transferSyntax(header.transferSyntaxUID)?.encapsulated === false) {
    const { dataset, transferSyntaxUID, pixelDataOffset } = header;
    const readValue: ReadValue = (range) => archive.readValue(instance, range);
    const start = await readRange(readValue, { start: pixelDataOffset, end: pixelDataOffset + 12 });
    const native = nativeValue(dataset, pixelDataOffset, start);
    if (native.length !== undefinedLength) return { tag: imageTags.PixelData, dataset, transferSyntaxUID, ...native };
  }
  const whole = header?.pixelDataVR === undefined ? header : await archive.dataset(instance);
  const pixels = whole === undefined ? undefined : elementOf(whole);
  if (pixels === undefined) throw new ServerError("InexistentItem", "the instance has no pixel data");
  return pixels;
}

const pixelTags = [imageTags.PixelData, imageTags.FloatPixelData, imageTags.DoubleFloatPixelData];

/**
 * The pixel data of a dataset, floats or not (PS3.3 §C.7.6.24); undefined when it has none. Throws `BadFileFormat` when they are not as
 * the transfer syntax has them: nobody knows then what they are.
 */
export function pixelElement(image: Pick<InstanceHeader, "dataset" | "transferSyntaxUID">): PixelElement | undefined {
  const pixels = elementOf(image);
  if (pixels !== undefined) checkForm(pixels);
  return pixels;
}

/** Throws `BadFileFormat` for pixel data that are encapsulated where their transfer syntax has native ones, or the other way round. */
export function checkForm({ tag, transferSyntaxUID, fragments }: PixelElement): void {
  const isEncapsulated = transferSyntax(transferSyntaxUID)?.encapsulated;
  if (tag !== imageTags.PixelData || isEncapsulated === undefined || isEncapsulated === (fragments !== undefined))
    return;
  const form = isEncapsulated ? "native" : "encapsulated";
  throw new ServerError("BadFileFormat", `PixelData is ${form}, which ${transferSyntaxUID} does not have`);
}

function elementOf({
  dataset,
  transferSyntaxUID,
}: Pick<InstanceHeader, "dataset" | "transferSyntaxUID">): PixelElement | undefined {
  const element = pixelTags.map((tag) => dataset.get(tag)).find((found): found is Element => found !== undefined);
  if (element === undefined) return undefined;
  const { tag, vr, offset, length, fragments } = element;
  return { tag, dataset, transferSyntaxUID, vr, offset, length, ...(fragments === undefined ? {} : { fragments }) };
}

const undefinedLength = 0xffffffff;

/** Reads the beginning of the element: `start` has its tag, then VR and length, or the length alone in implicit VR (PS3.5 §7.1). */
function nativeValue(
  dataset: Dataset,
  elementOffset: number,
  start: Buffer,
): { readonly vr: VR; readonly offset: number; readonly length: number } {
  const lengthAt = (position: number): number =>
    dataset.littleEndian ? start.readUInt32LE(position) : start.readUInt32BE(position);
  const explicit = explicitVR(start.readUInt16BE(4));
  return explicit?.longForm === true
    ? { vr: explicit.vr, offset: elementOffset + 12, length: lengthAt(8) }
    : { vr: "OW", offset: elementOffset + 8, length: lengthAt(4) };
}

/** A small piece of a file. */
export async function readRange(readValue: ReadValue, range: ByteRange): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(readValue(range)));
}
