import { profile, type ProfileName } from "../../src/archive/anonymize/profiles.ts";
import { matchesPattern } from "../../src/archive/modify/tag-pattern.ts";
import { itemsOf } from "../../src/archive/modify/unknown-sequence.ts";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { elementOf, isPrivate, tagWithComma, type Tag } from "../../src/dicom/tag.ts";
import { vrRow } from "../../src/dicom/vr.ts";

/** A value that must not be in an anonymised file. */
export interface RemovedValue {
  /** Such as `0008,1140[0].0010,0010`. */
  readonly path: string;
  readonly text: string;
  /** As it was encoded. */
  readonly bytes: Buffer;
}

/** Shorter ones occur by chance. */
const shortest = 4;
const alwaysRemoved: ReadonlySet<Tag> = new Set([0x00100010, 0x00100020, 0x0020000d, 0x0020000e, 0x00080018]);

/** The texts of a dataset, sequences included, that the profile removes, empties or replaces, and all private ones. */
export function* removedValues(
  dataset: Dataset,
  name: ProfileName,
  path = "",
  within = false,
): Generator<RemovedValue, void> {
  const { actions, removed } = profile(name);
  for (const element of dataset) {
    const { tag, vr, value } = element;
    const isRemoved =
      within ||
      actions.has(tag) ||
      alwaysRemoved.has(tag) ||
      (isPrivate(tag) && elementOf(tag) > 0) ||
      removed.some((pattern) => matchesPattern(pattern, tag));
    const at = path + tagWithComma(tag);
    for (const [index, item] of (itemsOf(element, dataset) ?? []).entries()) {
      yield* removedValues(item, name, `${at}[${index}].`, isRemoved);
    }
    if (!isRemoved || value === undefined || vrRow(vr).kind !== "text") continue;
    for (const bytes of pieces(value)) {
      if (bytes.length >= shortest) yield { path: at, text: dataset.charset.decode(bytes, vr), bytes };
    }
  }
}

/** The values of a text, without padding. */
function pieces(value: Buffer): Buffer[] {
  return value
    .toString("latin1")
    .split("\\")
    .map((text) => Buffer.from(text.replace(/^[ \0]+|[ \0]+$/g, ""), "latin1"));
}
