import { lazy } from "../../dicom/lazy.ts";
import type { Tag } from "../../dicom/tag.ts";
import type { Action } from "../modify/modification.ts";
import { parseTagPattern, type TagPattern } from "../modify/tag-pattern.ts";
import { profileTexts } from "./profiles.data.ts";

/** An edition of PS3.15 whose Basic Profile (Table E.1-1) is applied: Orthanc's `DicomVersion`. */
export type ProfileName = keyof typeof profileTexts;

export const defaultProfile: ProfileName = "2023b";

export const profileNames = Object.keys(profileTexts).filter(isProfileName);

export function isProfileName(text: string): text is ProfileName {
  return Object.hasOwn(profileTexts, text);
}

/** What a profile says of each tag, and the repeating groups that it removes. */
export interface Profile {
  readonly actions: ReadonlyMap<Tag, Action>;
  readonly removed: readonly TagPattern[];
}

const profiles: Readonly<Record<ProfileName, () => Profile>> = {
  "2008": lazy(() => readProfile("2008")),
  "2017c": lazy(() => readProfile("2017c")),
  "2021b": lazy(() => readProfile("2021b")),
  "2023b": lazy(() => readProfile("2023b")),
};

/** The profile of an edition. */
export function profile(name: ProfileName): Profile {
  return profiles[name]();
}

function readProfile(name: ProfileName): Profile {
  const { clear, remove, mapUid, removedGroups } = profileTexts[name];
  const actions = new Map<Tag, Action>();
  const add = (text: string, action: Action): void => {
    for (const hex of words(text)) actions.set(Number.parseInt(hex, 16), action);
  };
  add(clear, { kind: "clear" });
  add(remove, { kind: "remove" });
  add(mapUid, { kind: "map" });
  const removed = words(removedGroups)
    .map(parseTagPattern)
    .filter((pattern) => pattern !== undefined);
  return { actions, removed };
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
