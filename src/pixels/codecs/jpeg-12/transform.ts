/** Samples of a block's side, and of a block. */
export const side = 8;
export const blockSize = side * side;

/** The quantization table for luminance at quality 50 (ITU-T T.81 Table K.1), row by row. */
const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** Where the coefficients stand in a block, in the order in which they are coded (ITU-T T.81 Figure A.6). */
export const zigzag: readonly number[] = Array.from({ length: 2 * side - 1 }, (_, diagonal) => {
  const places = Array.from({ length: side }, (_, row) => ({ row, column: diagonal - row }))
    .filter(({ column }) => column >= 0 && column < side)
    .map(({ row, column }) => row * side + column);
  return diagonal % 2 === 0 ? places.toReversed() : places;
}).flat();

/** Divisors of the coefficients, row by row, for a quality from 1 to 100 as IJG's library counts it. */
export function quantizers(quality: number): readonly number[] {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return luminance.map((value) => Math.max(1, Math.floor((value * scale + 50) / 100)));
}

/** The one-dimensional transform as a matrix: row u has C(u)/2 · cos((2x + 1)uπ/16) (ITU-T T.81 §A.3.3). */
const cosines = Float64Array.from({ length: blockSize }, (_, at) => {
  const [u, x] = [Math.floor(at / side), at % side];
  return ((u === 0 ? Math.SQRT1_2 : 1) / 2) * Math.cos(((2 * x + 1) * u * Math.PI) / (2 * side));
});

const rows = new Float64Array(blockSize);

/** Transforms a block of samples, already shifted to a mean of 0, in place. */
export function transformBlock(block: Float64Array): void {
  for (let y = 0; y < side; y++) {
    for (let u = 0; u < side; u++) {
      let sum = 0;
      for (let x = 0; x < side; x++) sum += (cosines[u * side + x] ?? 0) * (block[y * side + x] ?? 0);
      rows[y * side + u] = sum;
    }
  }
  for (let v = 0; v < side; v++) {
    for (let u = 0; u < side; u++) {
      let sum = 0;
      for (let y = 0; y < side; y++) sum += (cosines[v * side + y] ?? 0) * (rows[y * side + u] ?? 0);
      block[v * side + u] = sum;
    }
  }
}
