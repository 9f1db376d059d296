import type { NativeFrame } from "./frame.ts";

/** The fixed-point factors of the inverse transform (ITU-T T.871 §7), 16 fractional bits, as IJG's library has them. */
const unit = 2 ** 16;
const fixed = (factor: number): number => Math.round(factor * unit);
const rounded = (product: number): number => Math.floor((product + unit / 2) / unit);
const redOfCr = fixed(1.402);
const greenOfCb = fixed(0.34414);
const greenOfCr = fixed(0.71414);
const blueOfCb = fixed(1.772);

/** Converts a frame of YBR_FULL, by pixel, of 8 or 16 bits unsigned, to RGB (PS3.3 §C.7.6.3.1.2). */
export function ybrToRgb<Frame extends NativeFrame>(frame: Frame): Frame {
  const { bytes, shape } = frame;
  const samples = samplesOf(bytes, shape.bitsAllocated);
  const rgb = Buffer.allocUnsafeSlow(bytes.length);
  const target = samplesOf(rgb, shape.bitsAllocated);
  const highest = 2 ** shape.bitsStored - 1;
  const centre = 2 ** (shape.bitsStored - 1);
  const clamped = (value: number): number => (value < 0 ? 0 : value > highest ? highest : value);
  for (let at = 0; at + 2 < samples.length; at += 3) {
    const y = samples[at] ?? 0;
    const cb = (samples[at + 1] ?? 0) - centre;
    const cr = (samples[at + 2] ?? 0) - centre;
    target[at] = clamped(y + rounded(redOfCr * cr));
    target[at + 1] = clamped(y + rounded(-greenOfCb * cb - greenOfCr * cr));
    target[at + 2] = clamped(y + rounded(blueOfCb * cb));
  }
  return { ...frame, bytes: rgb, shape: { ...shape, photometricInterpretation: "RGB" } };
}

function samplesOf(bytes: Buffer, bits: number): Uint8Array | Uint16Array {
  if (bits === 8) return bytes;
  const { buffer, byteOffset, length } = bytes.byteOffset % 2 === 0 ? bytes : Buffer.copyBytesFrom(bytes);
  return new Uint16Array(buffer, byteOffset, length >> 1);
}
