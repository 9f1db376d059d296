import { randomUUID } from "node:crypto";
import type { Level } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import type { Modality } from "./modality.ts";
import type { QueryKeys } from "./query-identifier.ts";
import { createRecentlyUsed } from "./recently-used.ts";

/** A query to a modality, and what it answered. */
export interface RememberedQuery {
  /** The name of the modality, and what it was when it was asked, with the own title that the client wanted. */
  readonly name: string;
  readonly modality: Modality;
  readonly level: Level;
  /** As the client gave them. */
  readonly keys: QueryKeys;
  readonly answers: readonly Dataset[];
}

/** The queries that are remembered (`/queries`). */
export interface QueryHistory {
  /** Gives the identifier of the query. */
  add(query: RememberedQuery): string;
  get(id: string): RememberedQuery | undefined;
  /** In alphabetical order. */
  ids(): readonly string[];
  delete(id: string): void;
}

/** Remembers the last `capacity` queries (`QueryRetrieveSize`). */
export function createQueryHistory(capacity: number): QueryHistory {
  const queries = createRecentlyUsed<RememberedQuery>(capacity);
  return {
    add(query) {
      const id = randomUUID();
      queries.set(id, query);
      return id;
    },
    get: (id) => queries.get(id),
    ids: () => queries.names().toSorted(),
    delete: (id) => {
      queries.delete(id);
    },
  };
}
