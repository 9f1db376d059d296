import type { NewAttachment, NewInstance } from "../catalog/catalog.ts";
import { metadataOf, type Candidate } from "./instance-metadata.ts";
import { mainTagValues, type MainTagsByLevel } from "./main-tags.ts";

/** What the catalog is told about an instance. `receivedAt`: `YYYYMMDDTHHMMSS`, UTC. */
export function instanceRecord(
  candidate: Candidate,
  tags: MainTagsByLevel,
  receivedAt: string,
  attachments: readonly NewAttachment[],
): NewInstance {
  const { dataset } = candidate.header;
  return {
    identifiers: candidate.identifiers,
    mainDicomTags: {
      Patient: mainTagValues(dataset, tags.Patient),
      Study: mainTagValues(dataset, tags.Study),
      Series: mainTagValues(dataset, tags.Series),
      Instance: mainTagValues(dataset, tags.Instance),
    },
    metadata: metadataOf(candidate, tags, receivedAt),
    attachments,
    receivedAt,
  };
}
