import { profile } from "../archive/anonymize/profiles.ts";
import type { Configuration } from "../config/options.ts";
import type { Tag } from "../dicom/tag.ts";

/** What anonymization always replaces, so that the profiles need not name it: names, PatientID and the UIDs of the levels. */
const identity: ReadonlySet<Tag> = new Set([0x00100010, 0x00100020, 0x0020000d, 0x0020000e, 0x00080018]);

/** Tells of which attributes the values must not stand in logs: those that anonymization would touch, with `DeidentifyLogs`. */
export function hiddenInLogs({
  DeidentifyLogs,
  DeidentifyLogsDicomVersion,
}: Pick<Configuration, "DeidentifyLogs" | "DeidentifyLogsDicomVersion">): (tag: Tag) => boolean {
  if (!DeidentifyLogs) return () => false;
  return (tag) => identity.has(tag) || profile(DeidentifyLogsDicomVersion).actions.has(tag);
}
