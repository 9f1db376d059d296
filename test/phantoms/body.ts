/** An ellipsoid in a body that fills the cube from -1 to 1. `value`: what it adds to what lies around it. */
interface Ellipsoid {
  readonly center: readonly [x: number, y: number, z: number];
  readonly axes: readonly [x: number, y: number, z: number];
  readonly value: number;
}

/** A torso, roughly: skin, lungs, heart, spine, liver and a lesion. Values in Hounsfield units above air. */
const torso: readonly Ellipsoid[] = [
  { center: [0, 0, 0], axes: [0.9, 0.65, 2], value: 1040 },
  { center: [-0.42, -0.05, 0.2], axes: [0.3, 0.42, 0.7], value: -820 },
  { center: [0.42, -0.05, 0.2], axes: [0.3, 0.42, 0.7], value: -820 },
  { center: [0.1, -0.18, 0.1], axes: [0.2, 0.22, 0.3], value: 60 },
  { center: [0, 0.46, 0], axes: [0.11, 0.12, 2], value: 520 },
  { center: [-0.35, 0.02, -0.7], axes: [0.42, 0.36, 0.35], value: 70 },
  { center: [0.42, 0.1, 0.25], axes: [0.06, 0.06, 0.06], value: 900 },
];

const air = -1000;

/** The rows of an axial slice at `z` (-1 … 1), in Hounsfield units. */
export function drawSlice(rows: number, columns: number, z: number): Int16Array {
  const slice = new Int16Array(rows * columns).fill(air);
  for (const { center, axes, value } of torso) {
    const atZ = 1 - ((z - center[2]) / axes[2]) ** 2;
    if (atZ <= 0) continue;
    for (let row = 0; row < rows; row++) {
      const y = (2 * row + 1) / rows - 1;
      const atY = atZ - ((y - center[1]) / axes[1]) ** 2;
      if (atY <= 0) continue;
      const half = Math.sqrt(atY) * axes[0];
      const first = Math.max(0, Math.ceil(((center[0] - half + 1) * columns - 1) / 2));
      const last = Math.min(columns - 1, Math.floor(((center[0] + half + 1) * columns - 1) / 2));
      for (let column = first; column <= last; column++)
        slice[row * columns + column] = (slice[row * columns + column] ?? 0) + value;
    }
  }
  return slice;
}

/** The slice as stored values of 16 bits, little endian, after a linear change. */
export function sliceBytes(slice: Int16Array, change: (hounsfield: number) => number): Buffer {
  const bytes = Buffer.allocUnsafe(slice.length * 2);
  slice.forEach((value, index) => bytes.writeInt16LE(change(value), index * 2));
  return bytes;
}

/** The slice as RGB of 8 bits in a colour ramp (Doppler-like), pixel by pixel. */
export function colourBytes(slice: Int16Array): Buffer {
  const bytes = Buffer.allocUnsafe(slice.length * 3);
  slice.forEach((value, index) => {
    const grey = Math.max(0, Math.min(255, Math.round((value - air) / 6)));
    bytes.set([grey, Math.round(grey * 0.7), 255 - grey], index * 3);
  });
  return bytes;
}
