import { explicitVR } from "./vr.ts";

/** How the elements of one level are written: it can differ from the level above (PS3.5 §6.2.2, and broken files). */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

/**
 * Looks at the first element of a dataset or item (8 bytes from `position`), because many a writer declares one encoding
 * and uses the other. What was declared stands unless the bytes speak clearly against it.
 */
export function settleEncoding(view: DataView, position: number, declared: Encoding): Encoding {
  const code = view.getUint16(position + 4);
  const isKnown = explicitVR(code) !== undefined;
  const nextWord = view.getUint16(position + 6);
  if (declared.explicit === isKnown) return declared;
  if (declared.explicit) {
    // No VR, and a length that makes sense where implicit VR little endian has it.
    const isImplicit = declared.littleEndian && nextWord === 0 && !isLetters(code) && code !== 0;
    return isImplicit ? { explicit: false, littleEndian: declared.littleEndian } : declared;
  }
  return nextWord === 0 ? declared : { explicit: true, littleEndian: declared.littleEndian };
}

function isLetter(byte: number): boolean {
  return (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function isLetters(code: number): boolean {
  return isLetter(code >> 8) && isLetter(code & 0xff);
}

/** Whether the group at `position` is small, as first groups are, in the byte order that was declared or else in the other. */
export function settleByteOrder(view: DataView, position: number, declared: boolean): boolean {
  const group = view.getUint16(position, declared);
  const swapped = view.getUint16(position, !declared);
  return group > 0xff && swapped <= 0xff ? !declared : declared;
}
