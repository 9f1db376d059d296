/** Packs pixels of one bit, a byte each, the first into the lowest bit (PS3.5 §8.1.1). */
export function packBits(samples: Buffer): Buffer {
  const packed = Buffer.alloc(Math.ceil(samples.length / 8));
  for (let at = 0; at < samples.length; at++) {
    if (samples[at] !== 0) packed[at >> 3] = (packed[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return packed;
}

/** Undoes `packBits`: `count` pixels. */
export function unpackBits(packed: Buffer, count: number): Buffer {
  const samples = Buffer.alloc(count);
  for (let at = 0; at < count; at++) samples[at] = ((packed[at >> 3] ?? 0) >> (at & 7)) & 1;
  return samples;
}
