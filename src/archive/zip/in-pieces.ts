import { asBuffer } from "../received.ts";

/** The bytes of a stream in pieces of exactly `size` bytes, but for the last one. A stream without bytes gives none. */
export async function* inPieces(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void, void> {
  let gathered: Buffer[] = [];
  let gatheredSize = 0;
  const piece = (): Buffer => {
    const [only] = gathered;
    const whole = only !== undefined && gathered.length === 1 ? only : Buffer.concat(gathered, gatheredSize);
    gathered = [];
    gatheredSize = 0;
    return whole;
  };
  for await (const chunk of stream) {
    let rest = asBuffer(chunk);
    while (rest.length > 0) {
      const part = rest.subarray(0, size - gatheredSize);
      gathered.push(part);
      gatheredSize += part.length;
      rest = rest.subarray(part.length);
      if (gatheredSize === size) yield piece();
    }
  }
  if (gatheredSize > 0) yield piece();
}
