/** The bytes of a stream in fewer pieces: small ones are joined until they are `size` bytes, larger ones pass as they are. */
export async function* gathered(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, void, void> {
  let small: Buffer[] = [];
  let smallSize = 0;
  for await (const part of stream) {
    const isSmall = part.length < size;
    if (isSmall) {
      small.push(part);
      smallSize += part.length;
    }
    if (smallSize > 0 && (!isSmall || smallSize >= size)) {
      yield Buffer.concat(small, smallSize);
      small = [];
      smallSize = 0;
    }
    if (!isSmall) yield part;
  }
  if (smallSize > 0) yield Buffer.concat(small, smallSize);
}
