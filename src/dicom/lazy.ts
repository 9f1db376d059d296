/** A constant that is made when it is first asked for: large tables must not cost start-up time. */
export function lazy<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
