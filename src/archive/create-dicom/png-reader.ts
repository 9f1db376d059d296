import { type Bitmap, largestBitmap } from "./bitmap.ts";
import { badPng, passSize, type PngHeader, type PngPass, readChunks, readRows } from "./png-chunks.ts";

const adam7: readonly PngPass[] = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
];
const wholePicture: readonly PngPass[] = [{ x: 0, y: 0, dx: 1, dy: 1 }];

/** Reads one output sample of pixel `x`. */
type SampleReader = (row: Buffer, x: number, sample: number) => number;

/** Reads a PNG: palettes become colours, fewer bits than 8 are scaled to 8, alpha is left out. Throws `BadFileFormat`. */
export function readPng(file: Buffer): Bitmap {
  const chunks = readChunks(file);
  const { header, palette } = chunks;
  const { width, height, depth, colourType } = header;
  const samplesPerPixel = colourType === 0 || colourType === 4 ? 1 : 3;
  const bits = depth === 16 ? 16 : 8;
  const size = width * height * samplesPerPixel * (bits / 8);
  if (size > largestBitmap) throw badPng(`its pixels have ${size} bytes, expected ${largestBitmap} at most`);
  const bitmap: Bitmap = { rows: height, columns: width, samplesPerPixel, bits, bytes: Buffer.alloc(size) };
  const passes = (header.interlaced ? adam7 : wholePicture).filter(({ x, y }) => x < width && y < height);
  const read = sampleReader(header, palette);
  for (const [at, rows] of readRows(chunks, passes).entries()) {
    const pass = passes[at];
    if (pass === undefined) break;
    const { columns } = passSize(pass, header);
    for (const [y, row] of rows.entries()) putRow(bitmap, { pass, y, columns }, (x, sample) => read(row, x, sample));
  }
  return bitmap;
}

function sampleReader({ depth, samples, colourType }: PngHeader, palette: Buffer): SampleReader {
  if (colourType === 3) return (row, x, sample) => palette[bitsAt(row, x, depth) * 3 + sample] ?? 0;
  if (depth === 16) return (row, x, sample) => row.readUInt16BE((x * samples + sample) * 2);
  if (depth === 8) return (row, x, sample) => row[x * samples + sample] ?? 0;
  const scale = 255 / (2 ** depth - 1);
  return (row, x) => bitsAt(row, x, depth) * scale;
}

/** The `depth` bits of pixel `x`, the first in the highest bits (W3C PNG §7.2). */
function bitsAt(row: Buffer, x: number, depth: number): number {
  const shift = 8 - depth - ((x * depth) % 8);
  return ((row[(x * depth) >> 3] ?? 0) >> shift) & (2 ** depth - 1);
}

interface RowPlace {
  readonly pass: PngPass;
  /** Row of the pass. */
  readonly y: number;
  /** Columns of the pass. */
  readonly columns: number;
}

function putRow(
  { columns: width, samplesPerPixel, bits, bytes }: Bitmap,
  { pass, y, columns }: RowPlace,
  read: (x: number, sample: number) => number,
): void {
  const start = (pass.y + y * pass.dy) * width + pass.x;
  for (let x = 0; x < columns; x++) {
    const first = (start + x * pass.dx) * samplesPerPixel;
    for (let sample = 0; sample < samplesPerPixel; sample++) {
      if (bits === 8) bytes[first + sample] = read(x, sample);
      else bytes.writeUInt16LE(read(x, sample), (first + sample) * 2);
    }
  }
}
