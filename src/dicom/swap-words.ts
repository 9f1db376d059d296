/** Swaps the bytes of each word of `size` bytes: big endian to little endian and back (PS3.5 §7.3). A chunk may end inside a word. */
export async function* swapWords(
  source: AsyncIterable<Uint8Array>,
  size: 2 | 4 | 8,
): AsyncGenerator<Uint8Array, void, void> {
  let rest = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.concat([rest, chunk]);
    const whole = bytes.length - (bytes.length % size);
    const words = bytes.subarray(0, whole);
    if (size === 2) words.swap16();
    else if (size === 4) words.swap32();
    else words.swap64();
    rest = bytes.subarray(whole);
    if (words.length > 0) yield words;
  }
  if (rest.length > 0) yield rest;
}
