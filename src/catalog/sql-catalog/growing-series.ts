import type { NewInstance, StorePolicy, StoreResult } from "../catalog.ts";
import { dicomType } from "./attachment-rows.ts";
import { logChange } from "./change-log.ts";
import { growAll, growTotals, type Growth } from "./grow.ts";
import { insertInstance } from "./insert.ts";
import { findLineage, type Lineage } from "./lineage.ts";
import { metadataNumbers } from "./metadata-columns.ts";
import { addSizes, noSizes, type Sizes, sizesOf } from "./sizes.ts";
import { addSopClass } from "./sop-classes.ts";
import type { Sql } from "./sql.ts";

/** A series that instances were added to. */
interface Growing {
  readonly lineage: Lineage;
  /** Its row. */
  readonly id: number;
  sopClasses: readonly string[];
  sizes: Sizes;
  instances: number;
  lastUpdate: string | undefined;
  lastInstance: number;
}

/**
 * Adds instances to series that are there, in a transaction that many of them share: what the resources above them grow by is written once, at its end.
 * Until then the rows above the instances do not tell of them, so `write` comes before anything else that reads or changes the catalog.
 */
export class GrowingSeries {
  readonly #bySeries = new Map<string, Growing>();

  /** Indexes an instance. Undefined, and nothing is done, when it needs more than a row in its series. */
  add(sql: Sql, instance: NewInstance, policy: StorePolicy): StoreResult | undefined {
    if (!isPlain(instance, policy)) return undefined;
    const growing = this.#find(sql, instance.identifiers.Series);
    if (growing === undefined) return undefined;
    const id = insertInstance(sql, instance, growing.id);
    if (id === undefined) return policy.overwrite === "Never" ? { status: "AlreadyStored" } : undefined;
    logChange(sql, "NewInstance", { level: "Instance", id }, instance.receivedAt);
    const sopClass = instance.metadata.Instance[metadataNumbers.SopClassUid];
    if (sopClass !== undefined && !growing.sopClasses.includes(sopClass))
      growing.sopClasses = addSopClass(sql, growing.id, instance);
    growing.sizes = addSizes(growing.sizes, sizesOf(instance.attachments));
    growing.instances += 1;
    growing.lastUpdate = instance.receivedAt;
    growing.lastInstance = id;
    return { status: "Success", created: ["Instance"], orphaned: [], deleted: [] };
  }

  /** Writes what the resources above the instances have grown by. */
  write(sql: Sql): void {
    for (const { lineage, sizes, instances, lastUpdate, lastInstance } of this.#bySeries.values()) {
      if (instances === 0) continue;
      const growth: Growth = { ...sizes, studies: 0, series: 0, instances, lastUpdate, unstable: true, lastInstance };
      growAll(sql, lineage, growth);
      growTotals(sql, growth, 0);
    }
    this.forget();
  }

  /** The transaction has been undone. */
  forget(): void {
    this.#bySeries.clear();
  }

  #find(sql: Sql, publicId: string): Growing | undefined {
    const known = this.#bySeries.get(publicId);
    if (known !== undefined) return known;
    const lineage = findLineage(sql, "Series", publicId);
    const id = lineage?.[0]?.id;
    if (lineage === undefined || id === undefined) return undefined;
    const growing = {
      lineage,
      id,
      sopClasses: [],
      sizes: noSizes,
      instances: 0,
      lastUpdate: undefined,
      lastInstance: 0,
    };
    this.#bySeries.set(publicId, growing);
    return growing;
  }
}

/** Whether nothing has to be counted or removed because of it. */
function isPlain({ metadata, attachments }: NewInstance, policy: StorePolicy): boolean {
  return (
    policy.maximumStorageSize === 0 &&
    policy.maximumPatientCount === 0 &&
    metadata.Series[metadataNumbers.ExpectedNumberOfInstances] === undefined &&
    attachments.every(({ type }) => type === dicomType)
  );
}
