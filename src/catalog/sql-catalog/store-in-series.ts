import type { NewInstance, StorePolicy, StoreResult } from "../catalog.ts";
import { findLineage } from "./lineage.ts";
import { findRow } from "./resources.ts";
import type { Sql } from "./sql.ts";
import { storeInstance } from "./store.ts";

/** The series is not there, or might go while the instance is stored: the whole of `NewInstance` is needed. */
export interface SeriesMissing {
  readonly status: "SeriesMissing";
}

/**
 * Indexes an instance of which only its own level was sent, since its series is in the catalog. Nothing has been done when the
 * answer is `SeriesMissing`.
 */
export function storeInSeries(sql: Sql, instance: NewInstance, policy: StorePolicy): StoreResult | SeriesMissing {
  const isReplaced =
    policy.overwrite !== "Never" && findRow(sql, instance.identifiers.Instance, "Instance") !== undefined;
  const lineage = isReplaced ? undefined : findLineage(sql, "Series", instance.identifiers.Series);
  return lineage === undefined ? { status: "SeriesMissing" } : storeInstance(sql, instance, policy, lineage);
}
