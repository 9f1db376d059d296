/** Maps `values`, at most `concurrency` at a time; the results are in their order. The first rejection is thrown, after what was begun has ended. */
export async function mapConcurrently<Value, Result>(
  values: readonly Value[],
  concurrency: number,
  map: (value: Value) => Promise<Result>,
): Promise<Result[]> {
  const results = Array.from<Result>({ length: values.length });
  const rest = values.entries();
  let failure: { readonly error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const [at, value] of rest) {
      if (failure !== undefined) return;
      try {
        results[at] = await map(value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, values.length) }, work));
  if (failure !== undefined) throw failure.error;
  return results;
}
