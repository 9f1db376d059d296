import type { KeyValues } from "../src/plugin-api.ts";

/** A store of a plugin, in memory. */
export function memoryKeyValues(values = new Map<string, string>()): KeyValues {
  return {
    get: (key) => Promise.resolve(values.get(key)),
    set: (key, value) => Promise.resolve(void values.set(key, value)),
    delete: (key) => Promise.resolve(values.delete(key)),
    async *list() {
      await Promise.resolve();
      for (const key of [...values.keys()].sort()) {
        const value = values.get(key);
        if (value !== undefined) yield { key, value };
      }
    },
  };
}
