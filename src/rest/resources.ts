import type { Archive } from "../archive/archive.ts";
import { type FindOptions, type FindParts, type RequestedTags, requestedTagsOf } from "../archive/find.ts";
import { metadataNumbers } from "../archive/metadata-numbers.ts";
import type { FoundResource, FindRequest, Level } from "../catalog/catalog.ts";
import { mainDicomTagsSignature } from "../dicom/main-dicom-tags.ts";
import { levelRows } from "./levels.ts";
import { includeFor, type ResourceFormat } from "./resource-format.ts";
import { attachmentJson, resourceJson, type ResourcePrinter } from "./resource-json.ts";

/** What it takes to describe resources. */
export interface ResourceParts {
  /** The catalog, and what reads requested tags that are not in it. */
  readonly find: FindParts;
  readonly archive: Pick<Archive, "md5">;
  readonly printer: ResourcePrinter;
}

export type Selection = Pick<FindRequest, "publicIds" | "relatedTo" | "since" | "limit">;

/** Descriptions, in `format`, of the selected resources of `level`. */
export async function describeResources(
  parts: ResourceParts,
  level: Level,
  selection: Selection,
  format: ResourceFormat,
): Promise<readonly Record<string, unknown>[]> {
  const found = await parts.find.catalog.find({ level, ...selection, include: includeFor(level, format) });
  const { requestedTags } = format;
  const requested = requestedTags.length === 0 ? [] : await requestedTagsOf(parts.find, found, requestedTags);
  return describeEach(
    parts,
    found.map((resource, index) => ({ resource, requestedTags: requested[index] })),
    format,
  );
}

interface Described {
  readonly resource: FoundResource;
  readonly requestedTags: RequestedTags | undefined;
}

/** Descriptions of resources that were found with `includeFor(level, format)`. */
export async function describeEach(
  { archive, find, printer }: ResourceParts,
  found: readonly Described[],
  format: ResourceFormat,
): Promise<readonly Record<string, unknown>[]> {
  warnOfOtherTags(find.options, found);
  const withAttachments = format.sections.has("Attachments");
  const descriptions: Record<string, unknown>[] = [];
  for (const { resource, requestedTags } of found) {
    const description = resourceJson(resource, format, printer, requestedTags);
    if (withAttachments) description["Attachments"] = await attachmentsJson(archive, resource);
    descriptions.push(description);
  }
  return descriptions;
}

/** Tells of resources, all of one level, that were indexed before `ExtraMainDicomTags` was changed. */
function warnOfOtherTags({ warn, mainDicomTags }: FindOptions, found: readonly Described[]): void {
  const level = found[0]?.resource.level;
  if (warn === undefined || level === undefined) return;
  const present = mainDicomTagsSignature(mainDicomTags[level]);
  for (const { resource } of found) {
    const signature = resource.metadata?.[metadataNumbers.MainDicomTagsSignature];
    if (signature === undefined || signature === present) continue;
    const path = `/${levelRows[level].plural}/${resource.publicId}`;
    warn("W002_InconsistentDicomTagsInDb", `${path} was indexed with other main DICOM tags: POST ${path}/reconstruct`);
  }
}

async function attachmentsJson(
  archive: Pick<Archive, "md5">,
  { attachments = [] }: FoundResource,
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const attachment of attachments) all.push(attachmentJson(attachment, await archive.md5(attachment)));
  return all;
}

/** Public ids of the selected resources of `level`. */
export async function listIds({ find }: ResourceParts, level: Level, selection: Selection): Promise<readonly string[]> {
  const found = await find.catalog.find({ level, ...selection, include: {} });
  return found.map(({ publicId }) => publicId);
}
