import { pictureFormats, type Picture } from "./picture.ts";

/** A picture as Portable Arbitrary Map (netpbm's PAM), samples of 16 bits in big endian. */
export function encodePam({ width, height, format, bytes }: Picture): Buffer {
  const { samples, bits } = pictureFormats[format];
  const tuple = samples === 1 ? "GRAYSCALE" : "RGB";
  const header = `P7\nWIDTH ${width}\nHEIGHT ${height}\nDEPTH ${samples}\nMAXVAL ${2 ** bits - 1}\nTUPLTYPE ${tuple}\nENDHDR\n`;
  return Buffer.concat([Buffer.from(header, "latin1"), bits === 16 ? Buffer.from(bytes).swap16() : bytes]);
}
