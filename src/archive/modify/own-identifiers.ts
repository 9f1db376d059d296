import type { Dataset } from "../../dicom/dataset.ts";
import type { Identifiers } from "./identifiers.ts";
import { keyTags, type Modification } from "./modification.ts";

/** The identifiers of the instance that is modified come before those that all instances share. */
export interface OwnIdentifiers extends Identifiers {
  /** Whether the UID is the instance's, its series' or its study's, or one that the user replaces. */
  isOwn(original: string): boolean;
}

const keyUids = [keyTags.StudyInstanceUID, keyTags.SeriesInstanceUID, keyTags.SOPInstanceUID];

/**
 * What `modification` makes of the identifiers of this instance, also where the user chose: a structure set that refers to its own
 * study then refers to the new one.
 */
export function ownIdentifiers(dataset: Dataset, { root, nested }: Modification, shared: Identifiers): OwnIdentifiers {
  const own = new Map<string, string>();
  for (const tag of keyUids) {
    const original = dataset.text(tag) ?? "";
    const action = root.actions.get(tag);
    if (action?.kind === "keep") own.set(original, original);
    if (action?.kind === "map") own.set(original, shared.uid(original));
  }
  for (const [tag, action] of root.actions) {
    if (action.kind !== "replace" || nested?.actions.get(tag)?.kind !== "map") continue;
    own.set(dataset.text(tag) ?? "", String(action.value));
  }
  const patientId = root.actions.get(keyTags.PatientID);
  const ownPatientId = dataset.text(keyTags.PatientID) ?? "";
  return {
    uid: (original) => own.get(original) ?? shared.uid(original),
    patientId: (original) =>
      original === ownPatientId && patientId?.kind === "replace" ? String(patientId.value) : shared.patientId(original),
    isOwn: (original) => own.has(original),
  };
}
