import type { Level } from "../catalog/catalog.ts";

/** A value for each level, made when it is read: most instances belong to a series that is known, and only their own level is needed. */
export function byLevel<Value>(make: (level: Level) => Value): Readonly<Record<Level, Value>> {
  return {
    get Patient() {
      return make("Patient");
    },
    get Study() {
      return make("Study");
    },
    get Series() {
      return make("Series");
    },
    get Instance() {
      return make("Instance");
    },
  };
}
