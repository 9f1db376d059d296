/** The parts of Orthanc's JSON that the interface shows. */
export type Tags = Readonly<Record<string, string | undefined>>;

export interface Study {
  readonly ID: string;
  readonly MainDicomTags: Tags;
  readonly PatientMainDicomTags: Tags;
  readonly RequestedTags?: Tags;
  readonly Series: readonly string[];
  readonly IsStable: boolean;
}

export interface Series {
  readonly ID: string;
  readonly MainDicomTags: Tags;
  readonly Instances: readonly string[];
}

export interface Instance {
  readonly ID: string;
  readonly MainDicomTags: Tags;
  readonly FileSize: number;
}

export interface Job {
  readonly ID: string;
  readonly Type: string;
  readonly State: "Pending" | "Running" | "Success" | "Failure" | "Paused" | "Retry";
  readonly Progress: number;
  readonly ErrorDescription: string;
  readonly ErrorDetails?: string;
  readonly CreationTime: string;
  readonly Content: Readonly<Record<string, unknown>>;
}

export interface Account {
  readonly Name: string;
  readonly State: string;
  readonly Url: string | null;
  readonly Kind: string | null;
  readonly Identity: string | null;
  readonly TokenExpiresAt: string | null;
  readonly LastError: string | null;
  readonly Remedy: string | null;
}

export interface CheckStep {
  readonly Layer: string;
  /** Null for a layer that was not reached. */
  readonly Ok: boolean | null;
  readonly Detail: string;
  readonly Remedy?: string;
}

/** One answer of a remote QIDO-RS query, as `/dicom-web/servers/{name}/qido` flattens it. */
export type QidoAnswer = Readonly<Record<string, { readonly Name: string; readonly Value?: string }>>;
