import type { Level } from "../../catalog/catalog.ts";
import { isPrivate, type Tag } from "../../dicom/tag.ts";
import type { TagPath } from "./tag-path.ts";
import { matchesPattern, type TagPattern } from "./tag-pattern.ts";

/** What becomes of an attribute. */
export type Action =
  /** A sequence with all that is in it. */
  | { readonly kind: "keep" }
  | { readonly kind: "remove" }
  /** Left empty, where it is. */
  | { readonly kind: "clear" }
  /** A value without meaning, in place of one that is there. */
  | { readonly kind: "dummy" }
  /** A sequence of which only the attributes in its items change. */
  | { readonly kind: "items" }
  /** Set to what clients write in JSON, whether it is there or not. */
  | { readonly kind: "replace"; readonly value: unknown }
  /** An identifier gets another, everywhere the same. `onlyOwn`: if it is one of those of the instance itself. */
  | { readonly kind: "map"; readonly onlyOwn?: true };

/** What becomes of the attributes of a dataset, or of those in its sequences. */
export interface Rules {
  readonly actions: ReadonlyMap<Tag, Action>;
  /** Repeating groups that are removed. */
  readonly removed: readonly TagPattern[];
  /** Those of them that stay all the same. */
  readonly kept: readonly TagPattern[];
  readonly removePrivateTags: boolean;
}

/** A modification or anonymisation, by the SOP class of the instances that it is carried out on. */
export type Plan = (sopClassUID: string) => Modification;

/** A modification or anonymisation of instances of one SOP class. */
export interface Modification {
  /** Resources of this level and those below become new ones. */
  readonly level: Level;
  readonly root: Rules;
  /** Of attributes in sequences; undefined leaves them as they are. */
  readonly nested: Rules | undefined;
  /** Attributes in sequences that `nested` does not concern. */
  readonly keptPaths: readonly TagPath[];
  readonly removedPaths: readonly TagPath[];
  readonly replacedPaths: readonly { readonly path: TagPath; readonly value: unknown }[];
  /** Of private attributes that are replaced; empty: the creator that is in the dataset. */
  readonly privateCreator: string;
}

export const keyTags = {
  PatientID: 0x00100020,
  StudyInstanceUID: 0x0020000d,
  SeriesInstanceUID: 0x0020000e,
  SOPInstanceUID: 0x00080018,
} as const;

/** What the rules say of a tag; undefined: nothing. */
export function actionFor(rules: Rules, tag: Tag): Action | undefined {
  const action = rules.actions.get(tag);
  if (action !== undefined) return action;
  const isOf = (patterns: readonly TagPattern[]): boolean => patterns.some((pattern) => matchesPattern(pattern, tag));
  const isRemoved = (rules.removePrivateTags && isPrivate(tag)) || isOf(rules.removed);
  return isRemoved && !isOf(rules.kept) ? { kind: "remove" } : undefined;
}
