import type { FindInclude, FoundResource, Level } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { metadataNumbers } from "./metadata-numbers.ts";

/** An attribute that no file has or that need not be read from one: it is derived from what the catalog knows. */
export interface ComputedTag {
  readonly level: Level;
  /** What has to be asked of the catalog. */
  readonly include: FindInclude;
  readonly read: (resource: FoundResource) => string | undefined;
}

const counts: FindInclude = { counts: true };

export const ModalitiesInStudy: Tag = 0x00080061;
export const Modality: Tag = 0x00080060;
export const SOPClassUID: Tag = 0x00080016;

/** Computed attributes (PS3.4 §C.3.4), each at the level where it has a meaning. */
export const computedTags: ReadonlyMap<Tag, ComputedTag> = new Map<Tag, ComputedTag>([
  // NumberOfPatientRelatedStudies, …Series, …Instances
  [0x00201200, { level: "Patient", include: counts, read: (found) => found.counts?.studies.toString() }],
  [0x00201202, { level: "Patient", include: counts, read: (found) => found.counts?.series.toString() }],
  [0x00201204, { level: "Patient", include: counts, read: (found) => found.counts?.instances.toString() }],
  // NumberOfStudyRelatedSeries, …Instances
  [0x00201206, { level: "Study", include: counts, read: (found) => found.counts?.series.toString() }],
  [0x00201208, { level: "Study", include: counts, read: (found) => found.counts?.instances.toString() }],
  // NumberOfSeriesRelatedInstances
  [0x00201209, { level: "Series", include: counts, read: (found) => found.counts?.instances.toString() }],
  [
    ModalitiesInStudy,
    { level: "Study", include: { modalitiesInStudy: true }, read: (found) => joined(found.modalitiesInStudy) },
  ],
  // SOPClassesInStudy
  [0x00080062, { level: "Study", include: { sopClasses: true }, read: (found) => joined(found.sopClasses) }],
  // InstanceAvailability
  [0x00080056, { level: "Instance", include: {}, read: () => "ONLINE" }],
  [
    SOPClassUID,
    {
      level: "Instance",
      include: { metadata: true },
      read: (found) => found.metadata?.[metadataNumbers.SopClassUid],
    },
  ],
]);

function joined(values: readonly string[] | undefined): string | undefined {
  return values?.toSorted().join("\\");
}
