import type { FoundResource } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import { planConditions } from "./find-conditions.ts";
import { tagLevels } from "./find-levels.ts";
import { type FindParts, type FoundMatch, matchesInFiles, readMatches } from "./find-matches.ts";
import { type AttributeQuery, catalogRequest, planFind } from "./find-plan.ts";
import { planTags, type RequestedTags, type TagPlan } from "./requested-tags.ts";
import { warnAboutTags } from "./tag-warnings.ts";

export type { FindParts, FoundMatch } from "./find-matches.ts";
export type { AttributeQuery, FindOptions } from "./find-plan.ts";
export type { RequestedTags } from "./requested-tags.ts";
export type { SequenceItems } from "./main-sequences.ts";

/**
 * The resources whose attributes match. Main DICOM tags are matched by the catalog; others are read from one file of each
 * candidate. Throws `ParameterOutOfRange` and `BadRequest` for what cannot be searched.
 */
export async function findResources(parts: FindParts, query: AttributeQuery): Promise<readonly FoundMatch[]> {
  const plan = planFind(parts.options, query);
  if (plan === undefined) return [];
  const { request, since, limit, answers, files } = plan;
  if (files !== undefined) return (await Array.fromAsync(matchesInFiles(parts, plan, files))).flat();
  return readMatches(parts.archive, answers, await parts.catalog.find({ ...request, since, limit }));
}

/**
 * How many resources match. Throws `BadRequest` for tags that are not in the catalog, `ParameterOutOfRange` for a case-sensitive
 * query, as Orthanc does.
 */
export async function countResources(
  { catalog, options }: FindParts,
  query: Omit<AttributeQuery, "include" | "requestedTags" | "orderBy" | "since" | "limit">,
): Promise<number> {
  if (query.caseSensitive) throw new ServerError("ParameterOutOfRange", '"CaseSensitive" cannot be true when counting');
  const conditions = planConditions(query, tagLevels(options.mainDicomTags));
  if (conditions.others.length > 0) {
    throw new ServerError("BadRequest", "resources can only be counted by tags that are in the catalog");
  }
  return conditions.isImpossible ? 0 : catalog.count(catalogRequest(query, conditions));
}

/** The values of `tags` for resources of one level that were found already, in their order. */
export async function requestedTagsOf(
  parts: FindParts,
  resources: readonly FoundResource[],
  tags: readonly Tag[],
): Promise<readonly RequestedTags[]> {
  const [first] = resources;
  if (first === undefined) return [];
  const { level } = first;
  const { mainDicomTags, storageAccess, warn } = parts.options;
  const known = tagLevels(mainDicomTags);
  const plan = planTags(level, tags, known);
  const filesAreRead = storageAccess !== "Never";
  if (warn !== undefined) warnAboutTags(warn, tags, { plan, known, filesAreRead });
  const answers: TagPlan = filesAreRead ? plan : { ...plan, inFile: [] };
  const publicIds = resources.map(({ publicId }) => publicId);
  const found = await parts.catalog.find({ level, publicIds, include: answers.include });
  const matches = await readMatches(parts.archive, answers, found);
  const byId = new Map(matches.map(({ resource, requestedTags }) => [resource.publicId, requestedTags]));
  return publicIds.map((publicId) => byId.get(publicId) ?? {});
}
