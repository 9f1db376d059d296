import type { OptionType } from "./option-types.ts";
import type { Located } from "./located.ts";

/**
 * `known`: Orthanc has it, Greyhaven not yet; it is accepted and a warning says that it has no effect. `without-effect`: it will never
 * have one, for a reason that is told; nothing is missing without it.
 */
export type OptionState = "implemented" | "known" | "without-effect";

/** One option: everything about it, in one place. */
export interface Option<Value> extends OptionRemarks {
  readonly kind: "option";
  readonly type: OptionType<Value>;
  /** Absent when the option is required. */
  readonly default?: Value;
  readonly state: OptionState;
  readonly text: string;
}

interface OptionRemarks {
  /** Its value is never printed. */
  readonly secret?: true;
  /** The option of the same section whose value it takes when it is absent. */
  readonly sameAs?: string;
  /** Why it is without effect: a sentence without its full stop. */
  readonly reason?: string;
  /** It is without effect, and nothing else serves its purpose. */
  readonly isMissed?: true;
  /** What the manual and the sample file show instead of the default. */
  readonly example?: unknown;
}

/** An object with options of its own, such as `DicomWeb`. */
export interface Section<Members extends OptionTable = OptionTable> {
  readonly kind: "section";
  readonly text: string;
  readonly members: Members;
  /** Brings other accepted spellings into the form of the table. */
  readonly normalize?: (located: Located) => Located;
}

/** An object whose members are named by the user and have all the same options, such as `DicomWeb.Servers`. */
export interface Entries<Members extends OptionTable = OptionTable> {
  readonly kind: "entries";
  readonly text: string;
  readonly members: Members;
  readonly example?: unknown;
  /** An entry may also be an array of the values of these options, in this order. */
  readonly positions?: readonly string[];
  /** Keys that are not in the table are kept, as texts, under `UserProperties`. */
  readonly userProperties?: true;
}

export type OptionNode = Option<unknown> | Section | Entries;
export interface OptionTable {
  readonly [name: string]: OptionNode;
}

/** The values of a table, all defaults filled in. */
export type Values<Members extends OptionTable> = {
  readonly [Name in keyof Members]: Members[Name] extends Option<infer Value>
    ? Value
    : Members[Name] extends Entries<infer Inner>
      ? Readonly<Record<string, EntryValues<Inner>>>
      : Members[Name] extends Section<infer Inner>
        ? Values<Inner>
        : never;
};

type EntryValues<Members extends OptionTable> = Values<Members> & {
  readonly UserProperties?: Readonly<Record<string, string>>;
};

/** A row for an option that has its effect. */
export function implemented<Value>(
  type: OptionType<Value>,
  fallback: NoInfer<Value>,
  text: string,
  remarks: OptionRemarks = {},
): Option<Value> {
  return { kind: "option", type, default: fallback, state: "implemented", text, ...remarks };
}

/** A row for an option of Orthanc that has no effect yet. */
export function known<Value>(
  type: OptionType<Value>,
  fallback: NoInfer<Value>,
  text: string,
  remarks: OptionRemarks = {},
): Option<Value> {
  return { kind: "option", type, default: fallback, state: "known", text, ...remarks };
}

/** A row for an option of Orthanc that means nothing here; the reason says what serves its purpose, or why nothing can. */
export function withoutEffect<Value>(
  type: OptionType<Value>,
  fallback: NoInfer<Value>,
  text: string,
  remarks: OptionRemarks & { readonly reason: string },
): Option<Value> {
  return { kind: "option", type, default: fallback, state: "without-effect", text, ...remarks };
}

/** A row for an option that each entry must have. */
export function required<Value>(type: OptionType<Value>, text: string): Option<Value> {
  return { kind: "option", type, state: "implemented", text };
}

/** A row for an object with options of its own. */
export function section<Members extends OptionTable>(
  text: string,
  members: Members,
  normalize?: (located: Located) => Located,
): Section<Members> {
  return { kind: "section", text, members, ...(normalize && { normalize }) };
}

/** A row for an object whose members the user names. */
export function entries<Members extends OptionTable>(
  text: string,
  members: Members,
  remarks: Pick<Entries, "positions" | "userProperties" | "example"> = {},
): Entries<Members> {
  return { kind: "entries", text, members, ...remarks };
}

/** The whole text about an option or an object. */
export function describe(node: OptionNode): string {
  const reason = node.kind === "option" ? node.reason : undefined;
  return reason === undefined ? node.text : `${node.text}: without effect, ${reason}`;
}

/** Whether anything under the node has an effect. */
export function hasEffect(node: OptionNode): boolean {
  return node.kind === "option" ? node.state === "implemented" : Object.values(node.members).some(hasEffect);
}

/** Whether nothing under the node has an effect although something should. */
export function isMissing(node: OptionNode): boolean {
  return !hasEffect(node) && (node.kind !== "option" || node.state === "known");
}
