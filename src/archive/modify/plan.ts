import type { Level } from "../../catalog/catalog.ts";
import { elementOf, isPrivate, type Tag } from "../../dicom/tag.ts";
import { profile } from "../anonymize/profiles.ts";
import { conforming } from "../anonymize/required-attributes.ts";
import { type Edits, readEdits } from "./edits.ts";
import { type Action, keyTags, type Modification, type Plan, type Rules } from "./modification.ts";
import type { ModificationRequest } from "./request.ts";
import type { TagPath } from "./tag-path.ts";

const PatientName: Tag = 0x00100010;
const PatientIdentityRemoved: Tag = 0x00120062;
const DeidentificationMethod: Tag = 0x00120063;
const ReferencedSOPInstanceUID: Tag = 0x00081155;

/** Identifiers that become new when a resource of the level, or of one above, is modified. */
const newIdentifiers: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [keyTags.StudyInstanceUID, keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID],
  Study: [keyTags.StudyInstanceUID, keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID],
  Series: [keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID],
  Instance: [keyTags.SOPInstanceUID],
};

/** Attributes of items whose values are of the kind of an identifier: where that is kept, so are they. */
const referencesTo: ReadonlyMap<Tag, readonly Tag[]> = new Map([
  [keyTags.StudyInstanceUID, [keyTags.StudyInstanceUID]],
  [keyTags.SeriesInstanceUID, [keyTags.SeriesInstanceUID]],
  [keyTags.SOPInstanceUID, [keyTags.SOPInstanceUID, ReferencedSOPInstanceUID]],
]);

/**
 * The plan for a request on resources of `level`; an anonymisation makes everything new, whatever the level. The user's wishes come
 * before those of the profile, `Keep` before `Replace` before `Remove`. Throws as `readEdits`.
 */
export function planModification(request: ModificationRequest, level: Level): Plan {
  const edits = readEdits(request);
  const { removed, kept, replaced } = edits;
  const paths = {
    keptPaths: kept.paths.filter(isNested),
    removedPaths: removed.paths.filter(isNested),
    replacedPaths: replaced.filter(({ path }) => isNested(path)),
    privateCreator: request.privateCreator,
  };
  const { anonymization } = request;
  if (anonymization === undefined) {
    const base: Base = { level, actions: new Map(), removed: [] };
    const modification = { ...paths, level, root: rootRules(request, edits, base), nested: undefined };
    return () => modification;
  }
  const plans = new Map<string, Modification>();
  return (sopClassUID) => {
    const known = plans.get(sopClassUID);
    if (known !== undefined) return known;
    const { actions, removed: groups } = profile(anonymization.profile);
    const base: Base = { level: "Patient", actions: conforming(actions, sopClassUID), removed: groups };
    const root = rootRules(request, edits, base);
    const plan: Modification = { ...paths, level: "Patient", root, nested: nestedRules(request, edits, base) };
    plans.set(sopClassUID, plan);
    return plan;
  };
}

/** What holds before the user's wishes. */
interface Base {
  readonly level: Level;
  readonly actions: ReadonlyMap<Tag, Action>;
  readonly removed: Rules["removed"];
}

function isNested({ steps }: TagPath): boolean {
  return steps.length > 0;
}

/** The tags of the attributes of the dataset itself. */
function rootTags(paths: readonly TagPath[]): readonly Tag[] {
  return paths.filter((path) => !isNested(path)).map(({ tag }) => tag);
}

function rootRules(request: ModificationRequest, edits: Edits, base: Base): Rules {
  const { anonymization } = request;
  const actions = new Map<Tag, Action>(base.actions);
  for (const tag of newIdentifiers[base.level]) actions.set(tag, { kind: "map" });
  if (anonymization !== undefined) {
    actions.set(keyTags.PatientID, { kind: "map" });
    actions.set(PatientName, { kind: "replace", value: anonymization.patientName });
    actions.set(PatientIdentityRemoved, { kind: "replace", value: "YES" });
    actions.set(DeidentificationMethod, { kind: "replace", value: deidentificationMethod(request) });
  }
  for (const tag of rootTags(edits.removed.paths)) actions.set(tag, { kind: "remove" });
  for (const { path, value } of edits.replaced) {
    if (!isNested(path)) actions.set(path.tag, { kind: "replace", value });
  }
  for (const tag of rootTags(edits.kept.paths)) {
    actions.set(tag, { kind: "keep" });
    // A private attribute stays with the creator of its block.
    const element = elementOf(tag);
    if (isPrivate(tag) && element >= 0x1000) actions.set(tag - element + (element >>> 8), { kind: "keep" });
  }
  return { ...groups(request, edits, base.removed), actions };
}

function nestedRules(request: ModificationRequest, edits: Edits, base: Base): Rules {
  const actions = new Map<Tag, Action>(base.actions);
  for (const tag of [...newIdentifiers.Patient, keyTags.PatientID]) actions.set(tag, { kind: "map" });
  actions.set(PatientName, { kind: "clear" });
  for (const tag of rootTags(edits.removed.paths)) actions.set(tag, { kind: "remove" });
  for (const tag of rootTags(edits.kept.paths)) if (!isPrivate(tag)) actions.set(tag, { kind: "keep" });
  for (const tag of rootTags(edits.kept.paths)) {
    for (const reference of referencesTo.get(tag) ?? []) actions.set(reference, { kind: "map", onlyOwn: true });
  }
  return { ...groups(request, edits, base.removed), actions };
}

function groups(
  { removePrivateTags }: ModificationRequest,
  { removed, kept }: Edits,
  ofProfile: Rules["removed"],
): Omit<Rules, "actions"> {
  return { removed: [...ofProfile, ...removed.patterns], kept: kept.patterns, removePrivateTags };
}

/** The profile is named only where the user did not soften it. */
function deidentificationMethod({ anonymization, keep, replace, removePrivateTags }: ModificationRequest): string {
  if (anonymization === undefined) return "";
  const { profile, software } = anonymization;
  const isWhole = keep.length === 0 && Object.keys(replace).length === 0 && removePrivateTags;
  const table = `PS 3.15-${profile} Table E.1-1${profile === "2008" ? "" : " Basic Profile"}`;
  return isWhole ? `${software} - ${table}` : software;
}
