import { createHmac, randomBytes } from "node:crypto";
import { uidOfUuid } from "../../dicom/uid.ts";

/** New identifiers for old ones. */
export interface Identifiers {
  /** The UID that takes the place of `original`. */
  uid(original: string): string;
  /** The PatientID that takes the place of `original`: a UUID. */
  patientId(original: string): string;
}

/** What the new identifiers of one job are made from. */
export function newSeed(): string {
  return randomBytes(32).toString("hex");
}

/**
 * Identifiers that the seed determines: the same for one original in all instances, in any order and after a restart, without a
 * table that would grow with the number of instances. Without the seed nothing leads back to the originals.
 */
export function seededIdentifiers(seed: string): Identifiers {
  return {
    uid: (original) => uidOfUuid(derivedUuid(seed, `uid ${original}`)),
    patientId: (original) => derivedUuid(seed, `patient ${original}`),
  };
}

/** A UUID of version 8 (RFC 9562 §5.8) made from 122 bits of a keyed hash. */
function derivedUuid(seed: string, text: string): string {
  const bytes = createHmac("sha256", seed).update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
