import { type FindParts, requestedTagsOf } from "../archive/find.ts";
import type { FindRequest, Level } from "../catalog/catalog.ts";
import { includeFor, type ResourceFormat } from "./resource-format.ts";
import { resourceJson, type ResourcePrinter } from "./resource-json.ts";

/** What it takes to describe resources. */
export interface ResourceParts {
  /** The catalog, and what reads requested tags that are not in it. */
  readonly find: FindParts;
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
  return found.map((resource, index) => resourceJson(resource, format, parts.printer, requested[index]));
}

/** Public ids of the selected resources of `level`. */
export async function listIds({ find }: ResourceParts, level: Level, selection: Selection): Promise<readonly string[]> {
  const found = await find.catalog.find({ level, ...selection, include: {} });
  return found.map(({ publicId }) => publicId);
}
