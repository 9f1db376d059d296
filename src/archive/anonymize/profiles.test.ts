import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { tagWithComma, type Tag } from "../../dicom/tag.ts";
import { matchesPattern } from "../modify/tag-pattern.ts";
import type { Action } from "../modify/modification.ts";
import { isProfileName, profile, profileNames, type Profile } from "./profiles.ts";

const reference = resolve(import.meta.dirname, "../../../../shared/reference/anonymization-profiles.json");
const ranges = "removedRanges(groupMin,groupMax,elemMin,elemMax)";

function tagsWith({ actions }: Profile, kind: Action["kind"]): string[] {
  return [...actions]
    .filter(([, action]) => action.kind === kind)
    .map(([tag]) => tagWithComma(tag))
    .toSorted();
}

const tag = (group: number, element: number): Tag => group * 0x10000 + element;

/** The first and last tag of a range, and one before and after it in group and element. */
function bordersOf(range: string): { readonly inside: Tag[]; readonly outside: Tag[] } {
  const [groupLow = 0, groupHigh = 0, low = 0, high = 0] = range.split(",").map((text) => Number.parseInt(text, 16));
  return {
    inside: [tag(groupLow, low), tag(groupHigh, high), tag(groupLow, high), tag(groupHigh, low)],
    outside: [tag(groupLow - 1, low), tag(groupHigh + 1, high)].concat(high === 0xffff ? [] : tag(groupLow, high + 1)),
  };
}

describe.skipIf(!existsSync(reference))("profiles", () => {
  const expected = JSON.parse(readFileSync(reference, "utf8")) as Record<string, Record<string, string[]>>;

  it("are those of the reference", () => {
    expect(profileNames.toSorted()).toEqual(Object.keys(expected).toSorted());
  });

  it.each(Object.keys(expected))("%s does what the reference says to each tag", (name) => {
    if (!isProfileName(name)) throw new Error(name);
    const lists = expected[name] ?? {};
    const read = profile(name);
    // The lists have a few tags twice.
    const expectedTags = (list: string): string[] => [...new Set(lists[list])].toSorted();
    expect(tagsWith(read, "clear")).toEqual(expectedTags("clear"));
    expect(tagsWith(read, "remove")).toEqual(expectedTags("remove"));
    expect(tagsWith(read, "map")).toEqual(expectedTags("mapUid"));
    expect(read.removed).toHaveLength(lists[ranges]?.length ?? 0);
    for (const range of lists[ranges] ?? []) {
      const isRemoved = (tag: Tag): boolean => read.removed.some((pattern) => matchesPattern(pattern, tag));
      const { inside, outside } = bordersOf(range);
      expect(inside.every(isRemoved)).toBe(true);
      expect(outside.some(isRemoved)).toBe(false);
    }
  });
});
