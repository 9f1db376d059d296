import type { Archive } from "../archive/archive.ts";
import type { Dataset, Fragment } from "../dicom/dataset.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { explicitVR, type VR } from "../dicom/vr.ts";
import type { ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";

const PixelData = 0x7fe00010;

/** The pixel data of an instance, left where they are. */
export interface PixelElement {
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
    const start = await readRange(archive, instance, { start: pixelDataOffset, end: pixelDataOffset + 12 });
    return { dataset, transferSyntaxUID, ...nativeValue(dataset, pixelDataOffset, start) };
  }
  const whole = await archive.dataset(instance);
  const element = whole?.dataset.get(PixelData);
  if (whole === undefined || element === undefined) {
    throw new ServerError("InexistentItem", "the instance has no pixel data");
  }
  const { dataset, transferSyntaxUID } = whole;
  const { vr, offset, length, fragments } = element;
  return { dataset, transferSyntaxUID, vr, offset, length, ...(fragments === undefined ? {} : { fragments }) };
}

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

/** A small piece of an instance's file. */
export async function readRange(
  archive: Pick<Archive, "readValue">,
  instance: string,
  range: ByteRange,
): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(archive.readValue(instance, range)));
}
