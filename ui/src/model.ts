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
  readonly Url: string;
  readonly Kind?: string;
  readonly Identity?: string;
  readonly TokenExpiresAt?: string | null;
  readonly LastError?: string | null;
}

export interface CheckStep {
  readonly Layer: string;
  /** Null for a layer that was not reached. */
  readonly Ok: boolean | null;
  readonly Detail: string;
  readonly Remedy?: string;
}

/** One answer of a remote QIDO-RS query, as `/dicom-web/servers/{name}/qido` flattens it. */
export type QidoAnswer = Readonly<Record<string, { readonly Name: string; readonly Value?: string } | undefined>>;

/** `Doe^Jane^^Dr` → `Doe, Jane, Dr` */
export function personName(value: string | undefined): string {
  if (value === undefined || value === "") return "(no name)";
  return (
    value
      .split("=")[0]
      ?.split("^")
      .filter((part) => part !== "")
      .join(", ") ?? value
  );
}

/** `20261123` → `2026-11-23`; anything else as it is. */
export function date(value: string | undefined): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value ?? "");
  return match === null ? (value ?? "") : `${match[1]}-${match[2]}-${match[3]}`;
}

/** Bytes for people: `526 kB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[power]}`;
}
