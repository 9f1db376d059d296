import { crc32, deflateSync } from "node:zlib";

/** A picture to be written; samples by pixel, alpha included. */
export interface PngPicture {
  readonly width: number;
  readonly height: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha (W3C PNG §11.2.1). */
  readonly colourType: 0 | 2 | 3 | 4 | 6;
  readonly depth: 1 | 2 | 4 | 8 | 16;
  readonly samples: readonly number[];
  /** Red, green and blue of each entry. */
  readonly palette?: readonly number[];
  readonly interlaced?: boolean;
}

const samplesPerPixel = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 } as const;

/** x, y of the first pixel of each pass, and its steps (W3C PNG §8.2). */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** Writes a PNG whose rows use all five filters in turn. */
export function writePng(picture: PngPicture): Buffer {
  const { width, height, colourType, depth, palette = [], interlaced = false } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, interlaced ? 1 : 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", header),
    ...(palette.length === 0 ? [] : [chunk("PLTE", Buffer.from(palette))]),
    chunk("IDAT", deflateSync(filtered(picture))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([bytes.subarray(0, 4), body, bytes.subarray(4)]);
}

function filtered(picture: PngPicture): Buffer {
  const { width, height, colourType, depth, samples, interlaced = false } = picture;
  const count = samplesPerPixel[colourType];
  const step = Math.max(1, (count * depth) / 8);
  const rows: Buffer[] = [];
  for (const [x0, y0, dx, dy] of interlaced ? adam7 : [[0, 0, 1, 1] as const]) {
    if (x0 >= width || y0 >= height) continue;
    let above: Buffer | undefined;
    for (let y = y0; y < height; y += dy) {
      const values: number[] = [];
      for (let x = x0; x < width; x += dx)
        values.push(...samples.slice((y * width + x) * count, (y * width + x + 1) * count));
      const row = packed(values, depth);
      const type = rows.length % 5;
      rows.push(Buffer.concat([Buffer.of(type), filter(row, above ?? Buffer.alloc(row.length), type, step)]));
      above = row;
    }
  }
  return Buffer.concat(rows);
}

function packed(values: readonly number[], depth: number): Buffer {
  const bits = values.map((value) => value.toString(2).padStart(depth, "0")).join("");
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, "0"), 2)));
}

function filter(row: Buffer, above: Buffer, type: number, step: number): Buffer {
  return Buffer.from(
    row.map((value, at) => {
      const a = at < step ? 0 : (row[at - step] ?? 0);
      const b = above[at] ?? 0;
      const c = at < step ? 0 : (above[at - step] ?? 0);
      const p = a + b - c;
      const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      return value - ([0, a, b, Math.floor((a + b) / 2), paeth][type] ?? 0);
    }),
  );
}
