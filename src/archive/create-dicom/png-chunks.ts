import { inflateSync } from "node:zlib";
import { ServerError } from "../../util/errors.ts";

/** The header of a PNG (W3C PNG §11.2.1). */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a stored sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  readonly colourType: number;
  /** Stored samples of a pixel, alpha included. */
  readonly samples: number;
  readonly interlaced: boolean;
}

/** What a PNG holds. */
export interface PngChunks {
  readonly header: PngHeader;
  /** Red, green and blue of each entry. */
  readonly palette: Buffer;
  /** The zlib stream of the filtered rows. */
  readonly data: Buffer;
}

/** Pixels of one pass: those from `x`, `y` on, every `dx`, `dy` (W3C PNG §8.2). */
export interface PngPass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
}

/** Bytes that some writers leave behind the last row. */
const slack = 1024;

const signature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Stored samples of a pixel and their bits, by colour type. */
const colourTypes: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

export function badPng(problem: string, cause?: unknown): ServerError {
  return new ServerError("BadFileFormat", `the PNG cannot be read: ${problem}`, { cause });
}

/** Reads the chunks of a PNG (W3C PNG §5). Throws `BadFileFormat`. */
export function readChunks(file: Buffer): PngChunks {
  if (!file.subarray(0, 8).equals(signature)) throw badPng("it does not begin as a PNG does");
  let header: PngHeader | undefined;
  let palette: Buffer = Buffer.alloc(0);
  const data: Buffer[] = [];
  for (let at = 8; at + 12 <= file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    const content = file.subarray(at + 8, at + 8 + length);
    if (content.length < length) throw badPng("it was cut short");
    if (type === "IHDR") header = readHeader(content);
    if (type === "PLTE") palette = content;
    if (type === "IDAT") data.push(content);
    if (type === "IEND") break;
    at += length + 12;
  }
  if (header === undefined) throw badPng("it has no header");
  return { header, palette, data: Buffer.concat(data) };
}

function readHeader(content: Buffer): PngHeader {
  if (content.length < 13) throw badPng("its header is too short");
  const [width, height] = [content.readUInt32BE(0), content.readUInt32BE(4)];
  const [depth = 0, colourType = 0, , , interlace = 0] = content.subarray(8);
  const stored = colourTypes[colourType];
  if (stored?.depths.includes(depth) !== true) throw badPng(`colour type ${colourType} of ${depth} bits is unknown`);
  if (width === 0 || height === 0 || width > 0xffff || height > 0xffff) {
    throw badPng("expected 1 to 65535 rows and columns");
  }
  return { width, height, depth, colourType, samples: stored.samples, interlaced: interlace === 1 };
}

/** Rows and columns of a pass. */
export function passSize(
  { x, y, dx, dy }: PngPass,
  { width, height }: PngHeader,
): { readonly columns: number; readonly rows: number } {
  return { columns: Math.ceil((width - x) / dx), rows: Math.ceil((height - y) / dy) };
}

/** The rows of each pass, without their filters (W3C PNG §9.2). Throws `BadFileFormat`. */
export function readRows({ header, data }: PngChunks, passes: readonly PngPass[]): readonly (readonly Buffer[])[] {
  const sizes = passes.map((pass) => {
    const { columns, rows } = passSize(pass, header);
    return { rows, length: Math.ceil((columns * header.samples * header.depth) / 8) };
  });
  const size = sizes.reduce((sum, { rows, length }) => sum + rows * (1 + length), 0);
  const bytes = inflated(data, size);
  const step = Math.max(1, (header.samples * header.depth) >> 3);
  let at = 0;
  return sizes.map(({ rows, length }) => {
    let above: Buffer = Buffer.alloc(length);
    return Array.from({ length: rows }, () => {
      const row = bytes.subarray(at + 1, at + 1 + length);
      unfilter(row, above, bytes[at] ?? 0, step);
      at += length + 1;
      above = row;
      return row;
    });
  });
}

function inflated(data: Buffer, size: number): Buffer {
  let bytes: Buffer;
  try {
    bytes = inflateSync(data, { maxOutputLength: size + slack });
  } catch (cause) {
    throw badPng("its data are broken", cause);
  }
  if (bytes.length < size) throw badPng("its data end too early");
  return bytes;
}

/** What a filter adds to a byte: from the bytes at the left, above, and above at the left. */
const filters: readonly ((left: number, above: number, corner: number) => number)[] = [
  () => 0,
  (left) => left,
  (_, above) => above,
  (left, above) => (left + above) >> 1,
  paeth,
];

function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

function unfilter(row: Buffer, above: Buffer, type: number, step: number): void {
  const filter = filters[type];
  if (filter === undefined) throw badPng(`filter ${type} is unknown`);
  if (type === 0) return;
  for (let at = 0; at < row.length; at++) {
    const left = at < step ? 0 : (row[at - step] ?? 0);
    const corner = at < step ? 0 : (above[at - step] ?? 0);
    row[at] = (row[at] ?? 0) + filter(left, above[at] ?? 0, corner);
  }
}
