import type { FindRequest, FoundResource } from "../../catalog.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { addedParts, type AddedParts } from "./added-parts.ts";
import { ownPartsReader, ownRows } from "./own-parts.ts";
import { countIds, selectIds } from "./select-ids.ts";
import type { ExtraTags } from "./tag-place.ts";

/**
 * What was found, as it leaves the database. Lists of values cross threads at a third of the price of objects, so those are made where they are
 * wanted: by `foundResources`.
 */
export interface FoundRows {
  readonly own: readonly (readonly SqlValue[])[];
  /** One for each row of `own`, in the same order. */
  readonly added: readonly AddedParts[];
}

/** Rows for the resources of a request, by internal id where `orderBy` does not say otherwise. */
export function find(sql: Sql, request: FindRequest, extra: ExtraTags): FoundRows {
  const ids = selectIds(sql, request, extra);
  if (ids.length === 0) return { own: [], added: [] };
  const own = ownRows(sql, request, ids);
  return {
    own,
    added: addedParts(
      sql,
      request,
      own.map(([id]) => Number(id)),
    ),
  };
}

/** The resources of a request with the parts that it asks for. */
export function foundResources(request: FindRequest, { own, added }: FoundRows): readonly FoundResource[] {
  const read = ownPartsReader(request);
  return own.map((row, at) => Object.assign(read(row), added[at]));
}

/** How many resources a request has without its paging. */
export function count(sql: Sql, request: Omit<FindRequest, "include" | "orderBy">, extra: ExtraTags): number {
  return countIds(sql, request, extra);
}
