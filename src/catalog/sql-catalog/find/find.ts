import type { FindRequest, FoundResource } from "../../catalog.ts";
import type { Sql } from "../sql.ts";
import { addedParts } from "./added-parts.ts";
import { ownParts } from "./own-parts.ts";
import { countIds, selectIds } from "./select-ids.ts";
import type { ExtraTags } from "./tag-place.ts";

/** The resources of a request with the parts that it asks for; by internal id where `orderBy` does not say otherwise. */
export function find(sql: Sql, request: FindRequest, extra: ExtraTags): readonly FoundResource[] {
  const ids = selectIds(sql, request, extra);
  if (ids.length === 0) return [];
  const own = ownParts(sql, request, ids);
  const adding = addedParts(sql, request, ids);
  return ids.flatMap((id) => {
    const parts = own.get(id);
    if (parts === undefined) return [];
    for (const add of adding) add(parts, id);
    return [parts];
  });
}

/** How many resources a request has without its paging. */
export function count(sql: Sql, request: Omit<FindRequest, "include" | "orderBy">, extra: ExtraTags): number {
  return countIds(sql, request, extra);
}
