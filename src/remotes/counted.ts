/** `source`, telling the length of each chunk that passes. */
export async function* counted(
  source: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of source) {
    count(chunk.length);
    yield chunk;
  }
}
