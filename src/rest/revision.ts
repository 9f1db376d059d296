import type { IncomingHttpHeaders } from "node:http";
import type { RevisionCheck } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";

/** What is at a revision: its number and a sum of its content, of which an ETag is made. */
export interface Revision {
  readonly revision: number;
  /** Of an MD5 or a CRC-32, in lower-case hexadecimal. */
  readonly checksum: string;
}

/** `"<revision>-<checksum>"` */
export function entityTag({ revision, checksum }: Revision): string {
  return `"${revision}-${checksum}"`;
}

/** Whether the client already has what is there (`If-None-Match`): answer 304. */
export function isKnown(headers: IncomingHttpHeaders, present: Revision): boolean {
  const known = parseEntityTag("If-None-Match", headers["if-none-match"]);
  return known !== undefined && known.revision === present.revision && known.checksum === present.checksum;
}

/**
 * Checks `If-Match` against what is there before it is replaced or removed, and gives the revision to hold the catalog to.
 * Throws `Revision` (409) when it differs, and when it is missing though `CheckRevisions` demands it.
 */
export function expectedRevision(
  headers: IncomingHttpHeaders,
  present: Revision | undefined,
  checkRevisions: boolean,
): number | undefined {
  const expected = parseEntityTag("If-Match", headers["if-match"]);
  if (present === undefined) return undefined;
  if (expected === undefined) {
    if (!checkRevisions) return undefined;
    throw new ServerError("Revision", `The header If-Match is missing: expected ${entityTag(present)}`);
  }
  if (expected.revision !== present.revision || expected.checksum !== present.checksum) {
    throw new ServerError("Revision", `The header If-Match is ${entityTag(expected)}: expected ${entityTag(present)}`);
  }
  return expected.revision;
}

/** The revision that was written; somebody may have been faster since `expectedRevision`: then it throws. */
export function writtenRevision(result: RevisionCheck): number {
  if (result.status === "Success") return result.revision;
  if (result.status === "UnknownResource") throw new ServerError("UnknownResource", "It has just been removed");
  throw new ServerError("Revision", `The revision is now ${result.revision}`);
}

function parseEntityTag(header: string, value: string | undefined): Revision | undefined {
  if (value === undefined) return undefined;
  const match = /^\s*"?(\d{1,15})-([0-9a-fA-F]*)"?\s*$/.exec(value);
  if (match === null) {
    throw new ServerError("ParameterOutOfRange", `The header ${header} is ${value}: expected "<revision>-<checksum>"`);
  }
  return { revision: Number(match[1]), checksum: (match[2] ?? "").toLowerCase() };
}
