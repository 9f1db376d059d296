import type { RevisionCheck } from "../catalog.ts";

/**
 * Whether a change may overwrite revision `present` (undefined: there is nothing yet) when the caller saw `expected` (undefined: it
 * did not look). `Success` carries the new revision.
 */
export function checkRevision(present: number | undefined, expected: number | undefined): RevisionCheck {
  if (present === undefined) return { status: "Success", revision: 0 };
  if (expected !== undefined && expected !== present) return { status: "Revision", revision: present };
  return { status: "Success", revision: present + 1 };
}
