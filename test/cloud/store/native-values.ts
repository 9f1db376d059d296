import type { Dataset, Element } from "../../../src/dicom/dataset.ts";

/** Bytes of one number of a binary VR: what changes places when the byte order changes (PS3.5 §7.3). */
const numberSizes: Readonly<Record<string, number>> = {
  AT: 2,
  OW: 2,
  SS: 2,
  US: 2,
  FL: 4,
  OF: 4,
  OL: 4,
  SL: 4,
  UL: 4,
  FD: 8,
  OD: 8,
  OV: 8,
  SV: 8,
  UV: 8,
};

/** The value of an element in little endian, whatever its dataset is in; empty when it was left in the file. */
export function littleEndianValue(dataset: Dataset, element: Element): Buffer {
  const value = element.value ?? Buffer.alloc(0);
  const size = numberSizes[element.vr];
  if (dataset.littleEndian || size === undefined || value.length % size !== 0) return value;
  const copy = Buffer.from(value);
  if (size === 2) return copy.swap16();
  return size === 4 ? copy.swap32() : copy.swap64();
}
