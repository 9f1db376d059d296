/** Values by name, of which the ones used last are kept. */
export interface RecentlyUsed<Value> {
  /** Makes room by forgetting what was not used for the longest time. */
  set(name: string, value: Value): void;
  get(name: string): Value | undefined;
  /** False when unknown. */
  delete(name: string): boolean;
  names(): readonly string[];
}

/** Keeps at most `capacity` values. */
export function createRecentlyUsed<Value>(capacity: number): RecentlyUsed<Value> {
  const values = new Map<string, Value>();
  const use = (name: string, value: Value): void => {
    values.delete(name);
    values.set(name, value);
  };
  return {
    set(name, value) {
      use(name, value);
      const [oldest] = values.keys();
      if (values.size > capacity && oldest !== undefined) values.delete(oldest);
    },
    get(name) {
      const value = values.get(name);
      if (value !== undefined) use(name, value);
      return value;
    },
    delete: (name) => values.delete(name),
    names: () => [...values.keys()],
  };
}
