import { parseTag } from "../../dicom/dictionary.ts";
import type { Tag } from "../../dicom/tag.ts";
import { ServerError } from "../../util/errors.ts";

/** A step into the items of a sequence; `index` counts from 0, undefined is all of them. */
export interface PathStep {
  readonly tag: Tag;
  readonly index: number | undefined;
}

/** An attribute anywhere in a dataset: `PatientName`, `ReferencedImageSequence[0].0008,1155`, `SeqTag[*].Tag`. */
export interface TagPath {
  /** None for an attribute of the dataset itself. */
  readonly steps: readonly PathStep[];
  readonly tag: Tag;
}

/** Reads a path. Throws `UnknownDicomTag`, and `ParameterOutOfRange` where the index of a sequence is missing or no number. */
export function parseTagPath(text: string): TagPath {
  const parts = text.split(".");
  const last = parts.pop() ?? "";
  return { steps: parts.map((part) => parseStep(part, text)), tag: mustBeTag(last, text) };
}

function parseStep(part: string, path: string): PathStep {
  const match = /^(.*?)\[(.*)\]$/.exec(part);
  if (match === null) {
    throw new ServerError("ParameterOutOfRange", `"${path}": expected an index, such as "${part}[0]" or "${part}[*]"`);
  }
  const [, name = "", index = ""] = match;
  if (index !== "*" && !/^\d{1,9}$/.test(index)) {
    throw new ServerError("ParameterOutOfRange", `"${path}": [${index}] is no index, expected a number or *`);
  }
  return { tag: mustBeTag(name, path), index: index === "*" ? undefined : Number(index) };
}

function mustBeTag(name: string, path: string): Tag {
  const tag = parseTag(name.trim());
  if (tag !== undefined) return tag;
  throw new ServerError("UnknownDicomTag", name === path ? `"${name}"` : `"${name}" in "${path}"`);
}

/** Whether `path`, whose indices are all given, is one of those that `pattern` means. */
export function matchesPath(pattern: TagPath, path: TagPath): boolean {
  return (
    pattern.tag === path.tag &&
    pattern.steps.length === path.steps.length &&
    pattern.steps.every(({ tag, index }, at) => {
      const step = path.steps[at];
      return step?.tag === tag && (index === undefined || index === step.index);
    })
  );
}
