import type { NewAttachment, NewInstance } from "../catalog/catalog.ts";
import { byLevel } from "./by-level.ts";
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
    mainDicomTags: byLevel((level) => mainTagValues(dataset, tags[level])),
    metadata: metadataOf(candidate, tags, receivedAt),
    attachments,
    receivedAt,
  };
}
