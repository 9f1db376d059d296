import type { FindInclude, Level } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { levelRows } from "./levels.ts";
import type { TagFormat } from "./tag-json.ts";

/** What `response-content` and `ResponseContent` may ask for. */
export const sections = [
  "MainDicomTags",
  "RequestedTags",
  "Metadata",
  "Status",
  "Parent",
  "Children",
  "Labels",
  "Attachments",
  "IsStable",
  "IsProtected",
] as const;
export type Section = (typeof sections)[number];

/** How resources are to be described. */
export interface ResourceFormat {
  readonly tags: TagFormat;
  readonly sections: ReadonlySet<Section>;
  /** Orthanc's classical description, which has LastUpdate, FileSize, AnonymizedFrom, … besides the sections. */
  readonly classical: boolean;
  readonly requestedTags: readonly Tag[];
}

/** The sections of Orthanc's classical description. */
export const classicalSections: ReadonlySet<Section> = new Set([
  "MainDicomTags",
  "RequestedTags",
  "Status",
  "Parent",
  "Children",
  "Labels",
  "IsStable",
  "IsProtected",
]);

/** What must be read of a resource of `level` to describe it in `format`; nothing more, since each part costs. */
export function includeFor(level: Level, format: ResourceFormat): FindInclude {
  const { sections, classical } = format;
  const row = levelRows[level];
  const isSeries = level === "Series";
  const needsStatus = sections.has("IsStable") || (level === "Patient" && sections.has("IsProtected"));
  return {
    ...(sections.has("MainDicomTags") ? { mainDicomTags: level === "Study" ? ["Patient", "Study"] : [level] } : {}),
    ancestors: sections.has("Parent") && row.parent !== undefined,
    children: sections.has("Children") && row.child !== undefined,
    metadata: sections.has("Metadata") || classical || (isSeries && sections.has("Status")),
    attachments: sections.has("Attachments") || (classical && level === "Instance"),
    labels: sections.has("Labels"),
    status: level !== "Instance" && (needsStatus || classical),
    indexesInSeries: isSeries && sections.has("Status"),
  };
}
