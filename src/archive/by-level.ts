import type { Level } from "../catalog/catalog.ts";

/** A value for each level. */
export type ByLevel<Value> = Readonly<Record<Level, Value>>;

/** A value for each level, made when it is read: most instances belong to a series that is known, and only their own level is needed. */
export function byLevel<Value>(make: (level: Level) => Value): ByLevel<Value> {
  return new MadeByLevel(make);
}

// A class, since V8 makes a hidden class for each object that is written with accessors, and that keeps what these can reach, here the whole
// header, until all of the heap is marked.
class MadeByLevel<Value> implements ByLevel<Value> {
  readonly #make: (level: Level) => Value;

  constructor(make: (level: Level) => Value) {
    this.#make = make;
  }

  get Patient(): Value {
    return this.#make("Patient");
  }

  get Study(): Value {
    return this.#make("Study");
  }

  get Series(): Value {
    return this.#make("Series");
  }

  get Instance(): Value {
    return this.#make("Instance");
  }

  toJSON(): ByLevel<Value> {
    const { Patient, Study, Series, Instance } = this;
    return { Patient, Study, Series, Instance };
  }
}
