/** Habits of a remote modality that need care (`Manufacturer`). */
export const manufacturers = [
  "Generic",
  "GenericNoWildcardInDates",
  "GenericNoUniversalWildcard",
  "Vitrea",
  "GE",
  "SiemensSyngoCT",
] as const;
export type Manufacturer = (typeof manufacturers)[number];

/** A remote DICOM modality, as configured (`DicomModalities`) or put by REST. Names of the fields as Orthanc's JSON prints them. */
export interface Modality {
  readonly AET: string;
  readonly Host: string;
  readonly Port: number;
  readonly Manufacturer: Manufacturer;
  readonly AllowEcho: boolean;
  readonly AllowFind: boolean;
  readonly AllowFindWorklist: boolean;
  readonly AllowGet: boolean;
  readonly AllowMove: boolean;
  readonly AllowStore: boolean;
  readonly AllowNAction: boolean;
  readonly AllowEventReport: boolean;
  readonly AllowTranscoding: boolean;
  readonly UseDicomTls: boolean;
  /** Empty: `DicomAet`. */
  readonly LocalAet: string;
  /** Seconds; 0: `DicomScuTimeout`. */
  readonly Timeout: number;
  readonly RetrieveMethod: "SystemDefault" | "C-MOVE" | "C-GET";
}

export interface NamedModality {
  readonly name: string;
  readonly modality: Modality;
}

/** The remote modalities of this server, by name. */
export interface Modalities {
  names(): readonly string[];
  get(name: string): Modality | undefined;
  /** Adds or replaces; kept in the database when `DicomModalitiesInDatabase`. */
  put(name: string, modality: Modality): Promise<void>;
  /** False when unknown. */
  delete(name: string): Promise<boolean>;
  /** All with this title, compared as `StrictAetComparison` says. */
  byAet(aet: string): readonly NamedModality[];
}
