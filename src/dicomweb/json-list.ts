/** Texts as elements of a JSON array, with commas in between. */
export async function* jsonElements(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, void> {
  let before = "";
  for await (const text of texts) {
    yield Buffer.from(before + text);
    before = ",";
  }
}

/** One array of the elements of several lists. */
export async function* jsonArray(lists: Iterable<AsyncIterable<Uint8Array>>): AsyncGenerator<Uint8Array, void, void> {
  let before = "[";
  for (const list of lists) {
    let isFirst = true;
    for await (const chunk of list) {
      yield isFirst ? Buffer.concat([Buffer.from(before), chunk]) : chunk;
      isFirst = false;
      before = ",";
    }
  }
  yield Buffer.from(before === "[" ? "[]" : "]");
}
