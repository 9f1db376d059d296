/** Where the base URL belongs: a byte that JSON text never has, since control characters are escaped (RFC 8259 §7). */
const marker = 0x01;

/** In JSON text this is a key: within a string its quotes would be escaped. */
const key = '"BulkDataURI":"';
const markedKey = key + String.fromCodePoint(marker);

/** JSON whose bulk data have relative URLs, with a mark where the base URL belongs. */
export function markBulkDataUrls(json: string): string {
  return json.replaceAll(key, markedKey);
}

/** Puts `base` in place of the marks; they are single bytes, so chunks may end anywhere. */
export async function* withBaseUrl(
  marked: AsyncIterable<Uint8Array>,
  base: string,
): AsyncGenerator<Uint8Array, void, void> {
  const inserted = Buffer.from(JSON.stringify(base).slice(1, -1));
  for await (const chunk of marked) {
    const parts: Uint8Array[] = [];
    let from = 0;
    for (let at = chunk.indexOf(marker); at !== -1; at = chunk.indexOf(marker, from)) {
      parts.push(chunk.subarray(from, at), inserted);
      from = at + 1;
    }
    yield from === 0 ? chunk : Buffer.concat([...parts, chunk.subarray(from)]);
  }
}
