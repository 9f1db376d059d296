import type { Archive, InstanceHeader } from "../archive/archive.ts";
import { Dataset, type Element } from "../dicom/dataset.ts";
import { type TransferSyntax, transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { vrRow } from "../dicom/vr.ts";
import { elementBytes, elementHeader } from "../dicom/write-element.ts";
import { writeDicom } from "../dicom/write.ts";
import { ServerError } from "../util/errors.ts";
import { swapWords } from "./native-frames.ts";
import { readRange } from "./pixel-data.ts";

type Files = Pick<Archive, "dataset" | "readValue">;

/** Whether the pixels are the same in both but for the order of bytes. */
export function canTranscode(fromUID: string, toUID: string): boolean {
  const from = transferSyntax(fromUID);
  const to = transferSyntax(toUID);
  return (
    from !== undefined &&
    to !== undefined &&
    !from.encapsulated &&
    from.bigEndianPixels !== true &&
    !to.encapsulated &&
    !to.deflated &&
    to.bigEndianPixels !== true
  );
}

/**
 * The file of an instance, written in another native transfer syntax. Large values flow through; they are never held.
 * @throws ServerError InexistentFile when the instance went away
 */
export async function transcodeNative(
  archive: Files,
  instance: string,
  transferSyntaxUID: string,
): Promise<AsyncIterable<Uint8Array>> {
  const parsed = await archive.dataset(instance);
  const syntax = transferSyntax(transferSyntaxUID);
  if (parsed === undefined || syntax === undefined) {
    throw new ServerError("InexistentFile", `instance ${instance} has no DICOM file`);
  }
  return transcoded(archive, instance, parsed, syntax);
}

async function* transcoded(
  archive: Files,
  instance: string,
  { meta, dataset }: InstanceHeader,
  syntax: TransferSyntax,
): AsyncGenerator<Uint8Array, void, void> {
  const elements = [...dataset];
  const found = elements.findIndex((element) => !isWhole(element));
  const firstLeft = found === -1 ? elements.length : found;
  const head = new Dataset(elements.slice(0, firstLeft), dataset.littleEndian, dataset.charset);
  yield writeDicom({ dataset: head, meta }, { transferSyntaxUID: syntax.uid });
  for (const element of elements.slice(firstLeft)) {
    if (element.items !== undefined || element.value !== undefined || element.length === 0) {
      const whole = await readWhole(archive, instance, element);
      yield* elementBytes(whole, syntax, dataset.littleEndian);
      continue;
    }
    const { tag, vr, offset, length } = element;
    yield elementHeader(tag, vr, length + (length % 2), syntax);
    const bytes = archive.readValue(instance, { start: offset, end: offset + length });
    const { size } = vrRow(vr);
    yield* dataset.littleEndian === syntax.littleEndian || size === 1 ? bytes : swapWords(bytes, size);
    if (length % 2 === 1) yield new Uint8Array(1);
  }
}

/** Whether no part of the value was left in the file. */
function isWhole({ value, items, length }: Element): boolean {
  return items === undefined
    ? value !== undefined || length === 0
    : items.every((item) => [...item].every((element) => isWhole(element)));
}

/** An element with the values that were left in the file, deep in its items, read: these are small things, icons and the like. */
async function readWhole(archive: Files, instance: string, element: Element): Promise<Element> {
  const { items, offset, length } = element;
  if (isWhole(element)) return element;
  if (items === undefined) {
    return { ...element, value: await readRange(archive, instance, { start: offset, end: offset + length }) };
  }
  const whole: Dataset[] = [];
  for (const item of items) {
    const elements: Element[] = [];
    for (const inner of item) elements.push(await readWhole(archive, instance, inner));
    whole.push(new Dataset(elements, item.littleEndian, item.charset));
  }
  return { ...element, items: whole };
}
