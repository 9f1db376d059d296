import type { IncomingHttpHeaders } from "node:http";
import type { RevisionCheck } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";

/** What is at a revision: its number and the MD5 of its content, of which an ETag is made. */
export interface Revision {
  readonly revision: number;
  /** Lower-case hex. */
  readonly md5: string;
}

/** `"<revision>-<md5>"` */
export function entityTag({ revision, md5 }: Revision): string {
  return `"${revision}-${md5}"`;
}

/** Whether the client already has what is there (`If-None-Match`): answer 304. */
export function isKnown(headers: IncomingHttpHeaders, present: Revision): boolean {
  const known = parseEntityTag("If-None-Match", headers["if-none-match"]);
  return known !== undefined && known.revision === present.revision && known.md5 === present.md5;
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
  if (expected.revision !== present.revision || expected.md5 !== present.md5) {
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
    throw new ServerError("ParameterOutOfRange", `The header ${header} is ${value}: expected "<revision>-<MD5>"`);
  }
  return { revision: Number(match[1]), md5: (match[2] ?? "").toLowerCase() };
}
