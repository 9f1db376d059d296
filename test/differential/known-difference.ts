/** Why the answers of Orthanc 1.10.1 and Greyhaven differ. */
export type Cause =
  /** Orthanc 1.13 with DICOMweb 1.24 answers as Greyhaven does. */
  | "newer Orthanc"
  /** The standard, or another program, says what Greyhaven answers. */
  | "mistake of 1.10.1"
  /** Greyhaven is another server, and is so on purpose. */
  | "on purpose";

/** A difference that is known: in the answers to `requests`, as compareAnswers tells it, with Orthanc first. */
export interface KnownDifference {
  readonly requests: RegExp;
  readonly difference: RegExp;
  readonly cause: Cause;
  /** Sections (§) are those of the reference, orthanc-behaviour.md, which describes Orthanc 1.13 with DICOMweb 1.24. */
  readonly reason: string;
}
