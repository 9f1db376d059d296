import { ServerError } from "../util/errors.ts";
import type { Modality } from "./modality.ts";

/** Whom to call over the DICOM network, and how. Plain JSON, which jobs keep. */
export interface DicomRemote {
  readonly host: string;
  readonly port: number;
  readonly calledAet: string;
  readonly callingAet: string;
  /** Seconds of silence after which it is given up; 0: never. */
  readonly timeout: number;
  readonly useDicomTls: boolean;
}

/** What stands for fields that a modality leaves open. */
export interface DicomRemoteDefaults {
  /** `DicomAet` */
  readonly aet: string;
  /** `DicomScuTimeout` */
  readonly timeout: number;
}

/** What a single request says otherwise than the modality. */
export interface DicomRemoteOverrides {
  readonly LocalAet?: string | undefined;
  readonly CalledAet?: string | undefined;
  readonly Host?: string | undefined;
  readonly Port?: number | undefined;
  readonly Timeout?: number | undefined;
}

/** How a modality is called: the request goes before the modality, and that before the defaults. Throws `BadApplicationEntityTitle`. */
export function dicomRemote(
  modality: Modality,
  overrides: DicomRemoteOverrides,
  defaults: DicomRemoteDefaults,
): DicomRemote {
  const localAet = modality.LocalAet === "" ? defaults.aet : modality.LocalAet;
  const timeout = modality.Timeout === 0 ? defaults.timeout : modality.Timeout;
  return {
    host: overrides.Host ?? modality.Host,
    port: overrides.Port ?? modality.Port,
    calledAet: checkedTitle(overrides.CalledAet ?? modality.AET),
    callingAet: checkedTitle(overrides.LocalAet ?? localAet),
    timeout: overrides.Timeout ?? timeout,
    useDicomTls: modality.UseDicomTls,
  };
}

/** Without the spaces around it, which mean nothing (PS3.5 §6.2). */
function checkedTitle(aet: string): string {
  const title = aet.trim();
  if (/^[\x20-\x5b\x5d-\x7e]{1,16}$/.test(title)) return title;
  throw new ServerError(
    "BadApplicationEntityTitle",
    `"${title}": expected 1 to 16 characters of ASCII without backslash`,
  );
}
