import type { ProfileName } from "../anonymize/profiles.ts";

/** What clients want to be changed, as they wrote it: `Replace`, `Remove`, `Keep`. Plain JSON, so that jobs can save it. */
export interface ModificationRequest {
  /** Values, as clients write them in JSON, by path. */
  readonly replace: Readonly<Record<string, unknown>>;
  /** Paths, also with `x` for digits of repeating groups. */
  readonly remove: readonly string[];
  readonly keep: readonly string[];
  readonly removePrivateTags: boolean;
  /** Of private attributes that are replaced; empty: the creator that is in the dataset. */
  readonly privateCreator: string;
  readonly anonymization?: Anonymization;
}

/** Makes a modification the anonymisation of PS3.15 Annex E. */
export interface Anonymization {
  readonly profile: ProfileName;
  /** The new PatientName. */
  readonly patientName: string;
  /** Name and version of this program, for DeidentificationMethod. */
  readonly software: string;
}
