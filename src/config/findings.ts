import type { Place } from "./located.ts";

/** Something to tell the user about the configuration; an error stops the start. */
export interface Finding {
  readonly severity: "error" | "warning" | "information";
  readonly text: string;
}

/** A value, and what there is to tell about it. */
export interface Reading<Value> {
  readonly value: Value;
  readonly findings: readonly Finding[];
}

/** A finding about the option at `path`, in the form `file:line: A.B: …`. */
export function findingAt(severity: Finding["severity"], place: Place, path: readonly string[], text: string): Finding {
  return { severity, text: `${place.text}: ${path.join(".")}: ${text}` };
}
