/**
 * Maps the values of a source, in order, with up to `concurrency` of them under way: the next ones are begun while the caller deals
 * with the last. The first rejection is thrown.
 */
export async function* mapAhead<Value, Result>(
  source: AsyncIterable<Value> | Iterable<Value>,
  concurrency: number,
  map: (value: Value) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const underWay: Promise<Result>[] = [];
  for await (const value of source) {
    const result = map(value);
    // It is awaited in its turn; until then a rejection is not unhandled.
    result.catch(() => {});
    underWay.push(result);
    if (underWay.length < concurrency) continue;
    for (const oldest of underWay.splice(0, 1)) yield await oldest;
  }
  for (const result of underWay) yield await result;
}
