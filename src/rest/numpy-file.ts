import type { FrameShape } from "../pixels/frame.ts";

const magic = Buffer.from("\x93NUMPY\x01\x00", "latin1");
/** The header ends where the array can be mapped into memory. */
const alignment = 64;

/** What stands in front of an array of frames in a NumPy file (NEP 1, version 1.0); `frames` undefined: one frame, without an axis for it. */
export function numpyHeader({ rows, columns, samplesPerPixel, ...shape }: FrameShape, frames?: number): Buffer {
  const axes = `${frames === undefined ? "" : `${frames}, `}${rows},${columns},${samplesPerPixel}`;
  const dictionary = `{'descr': '${typeName(shape)}', 'fortran_order': False, 'shape': (${axes}), }`;
  const used = magic.length + 2 + dictionary.length + 1;
  const text = `${dictionary}${" ".repeat(-used & (alignment - 1))}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([magic, length, Buffer.from(text, "latin1")]);
}

/** Like `<u2`: little endian, unsigned, 2 bytes. */
function typeName({ float, signed, bitsAllocated }: Pick<FrameShape, "float" | "signed" | "bitsAllocated">): string {
  return `<${float ? "f" : signed ? "i" : "u"}${bitsAllocated / 8}`;
}
