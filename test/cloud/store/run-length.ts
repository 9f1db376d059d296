/** What must be known of an image to decode its frames. */
export interface FrameShape {
  readonly pixels: number;
  readonly samples: number;
  readonly bytesPerSample: number;
}

/** Decodes one frame of RLE Lossless (PS3.5 Annex G) to little endian samples, those of a pixel side by side. */
export function decodeRunLengthFrame(frame: Buffer, shape: FrameShape): Buffer {
  const segments = frame.readUInt32LE(0);
  const { pixels, samples, bytesPerSample } = shape;
  if (segments !== samples * bytesPerSample) {
    throw new RangeError(`expected ${samples * bytesPerSample} RLE segments, found ${segments}`);
  }
  const decoded = Buffer.alloc(pixels * segments);
  for (let segment = 0; segment < segments; segment += 1) {
    const start = frame.readUInt32LE(4 + 4 * segment);
    const end = segment + 1 < segments ? frame.readUInt32LE(8 + 4 * segment) : frame.length;
    const plane = unpack(frame.subarray(start, end), pixels);
    const sample = Math.floor(segment / bytesPerSample);
    // The most significant byte comes first (PS3.5 §G.2).
    const byte = bytesPerSample - 1 - (segment % bytesPerSample);
    const offset = sample * bytesPerSample + byte;
    for (let pixel = 0; pixel < pixels; pixel += 1) decoded[pixel * segments + offset] = plane[pixel] ?? 0;
  }
  return decoded;
}

/** PackBits (PS3.5 §G.3.2): runs of literals and of one repeated byte. */
function unpack(packed: Buffer, size: number): Buffer {
  const out = Buffer.alloc(size);
  let at = 0;
  for (let read = 0; read < packed.length && at < size;) {
    const control = packed.readInt8(read);
    read += 1;
    if (control >= 0) {
      at += packed.copy(out, at, read, read + control + 1);
      read += control + 1;
    } else if (control !== -128) {
      out.fill(packed[read] ?? 0, at, at + 1 - control);
      at += 1 - control;
      read += 1;
    }
  }
  if (at < size) throw new RangeError(`an RLE segment has ${at} of ${size} bytes`);
  return out;
}
