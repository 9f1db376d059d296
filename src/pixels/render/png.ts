import { crc32, deflateSync } from "node:zlib";
import { chooseDeflateWay } from "../../util/deflate-way.ts";
import { bigEndianBytes, type Picture } from "./picture.ts";

const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Colour types of the header chunk, by samples of a pixel (PNG §11.2.1). */
const colourTypes = { 1: 0, 3: 2 } as const;
/** Filter type 1, Sub: the difference to the pixel on the left (PNG §9.2). */
const sub = 1;
/** A picture as PNG (W3C PNG, Third Edition); samples of 16 bits go as they are, signed or not. */
export function encodePng(picture: Picture): Buffer {
  const { width, height, samplesPerPixel, samples } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = samples.BYTES_PER_ELEMENT * 8;
  header[9] = colourTypes[samplesPerPixel];
  const rows = filtered(picture);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, chooseDeflateWay(rows))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(data.length + 12);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, data.length + 8)), data.length + 8);
  return bytes;
}

/** The rows, each behind its filter type. */
function filtered(picture: Picture): Buffer {
  const { width, height, samplesPerPixel, samples } = picture;
  const step = samplesPerPixel * samples.BYTES_PER_ELEMENT;
  const rowLength = width * step;
  const source = bigEndianBytes(picture);
  const target = Buffer.allocUnsafe(height * (rowLength + 1));
  for (let row = 0, from = 0, to = 0; row < height; row++) {
    target[to++] = sub;
    const start = from;
    const end = start + rowLength;
    for (; from < end && from < start + step; from++) target[to++] = source[from] ?? 0;
    for (; from < end; from++) target[to++] = (source[from] ?? 0) - (source[from - step] ?? 0);
  }
  return target;
}
