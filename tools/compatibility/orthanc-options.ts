import rows from "./orthanc-options.json" with { type: "json" };

/** An option of Orthanc 1.13 or of one of its plugins. */
export interface OrthancOption {
  /** e.g. `core`, `core/DicomModalities.*`, `DicomWeb/Servers.*`. */
  readonly section: string;
  readonly name: string;
  /** How much its absence would be missed: `must`, `should` or `rare`. */
  readonly importance: string;
}

export const orthancOptions: readonly OrthancOption[] = rows;
