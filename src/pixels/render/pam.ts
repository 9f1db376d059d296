import { bigEndianBytes, type Picture } from "./picture.ts";

/** A picture as Portable Arbitrary Map (netpbm's PAM), samples of 16 bits in big endian. */
export function encodePam(picture: Picture): Buffer {
  const { width, height, samplesPerPixel, samples } = picture;
  const header = [
    "P7",
    `WIDTH ${width}`,
    `HEIGHT ${height}`,
    `DEPTH ${samplesPerPixel}`,
    `MAXVAL ${samples.BYTES_PER_ELEMENT === 1 ? 255 : 65_535}`,
    `TUPLTYPE ${samplesPerPixel === 1 ? "GRAYSCALE" : "RGB"}`,
    "ENDHDR",
    "",
  ];
  return Buffer.concat([Buffer.from(header.join("\n"), "latin1"), bigEndianBytes(picture)]);
}
