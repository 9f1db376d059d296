import type { Attachment, Level, NewInstance, ResourceReference, StorePolicy, StoreResult } from "../catalog.ts";
import { attachmentsOf, dicomType, putAttachment } from "./attachment-rows.ts";
import { logChange } from "./change-log.ts";
import { growAll, growTotals, lastInRecyclingOrder, type Growth } from "./grow.ts";
import { insertAncestor, insertInstance } from "./insert.ts";
import { levelTables, type Ancestor } from "./levels.ts";
import { findLineage, type Lineage } from "./lineage.ts";
import { metadataNumbers } from "./metadata-columns.ts";
import { makeRoom } from "./recycle.ts";
import { removeRow } from "./remove.ts";
import { findRow, type ResourceRow } from "./resources.ts";
import { isSeriesComplete } from "./series-status.ts";
import { sizesOf } from "./sizes.ts";
import { addSopClass } from "./sop-classes.ts";
import type { Sql, SqlValue } from "./sql.ts";

/** Orthanc's order. */
const newChange = { Instance: "NewInstance", Series: "NewSeries", Study: "NewStudy", Patient: "NewPatient" } as const;
const ownCounter = { Patient: {}, Study: { studies: 1 }, Series: { series: 1 } } as const;

interface Place {
  readonly id: number;
  /** Ancestors that did not exist, the lowest first. */
  readonly created: readonly ResourceRow[];
}

/** Values of the columns that only this level has. */
function ownValues(sql: Sql, level: Ancestor, instance: NewInstance, parent: number | undefined): SqlValue[] {
  if (parent === undefined) return [0, sql.get(`SELECT ${lastInRecyclingOrder} AS place`)?.["place"] ?? 1];
  return level === "Series" ? [parent, instance.metadata.Instance[metadataNumbers.SopClassUid] ?? ""] : [parent];
}

function placeInKnown(sql: Sql, lineage: Lineage, growth: Growth): Place {
  const [lowest] = lineage;
  if (lowest === undefined) throw new RangeError("a lineage has one resource at least");
  growAll(sql, lineage, growth);
  return { id: lowest.id, created: [] };
}

/** Grows the resource of this level and all above it, making those that are missing. */
function placeIn(sql: Sql, level: Ancestor, instance: NewInstance, growth: Growth): Place {
  const lineage = findLineage(sql, level, instance.identifiers[level]);
  if (lineage !== undefined) return placeInKnown(sql, lineage, growth);
  const { parent } = levelTables[level];
  const above =
    parent === undefined ? undefined : placeIn(sql, parent.level, instance, { ...growth, ...ownCounter[level] });
  const id = insertAncestor(sql, level, instance, { growth, own: ownValues(sql, level, instance, above?.id) });
  return { id, created: [{ level, id }, ...(above?.created ?? [])] };
}

/** Writes all rows of an instance that is not in the catalog. */
function insert(sql: Sql, instance: NewInstance, lineage: Lineage | undefined): readonly Level[] {
  const { receivedAt } = instance;
  const growth: Growth = {
    ...sizesOf(instance.attachments),
    studies: 0,
    series: 0,
    instances: 1,
    lastUpdate: receivedAt,
    unstable: true,
  };
  const { id: series, created } =
    lineage === undefined ? placeIn(sql, "Series", instance, growth) : placeInKnown(sql, lineage, growth);
  const id = insertInstance(sql, instance, series);
  if (id === undefined) throw new RangeError("the instance is in the catalog already");
  const row: ResourceRow = { level: "Instance", id };
  for (const attachment of instance.attachments)
    if (attachment.type !== dicomType) putAttachment(sql, row, attachment, 0);
  const levels = created.map(({ level }) => level);
  const isNew = (level: Level) => (levels.includes(level) ? 1 : 0);
  if (isNew("Series") === 0) addSopClass(sql, series, instance);
  growTotals(sql, { ...growth, studies: isNew("Study"), series: isNew("Series") }, isNew("Patient"));
  for (const resource of [row, ...created]) logChange(sql, newChange[resource.level], resource, receivedAt);
  if (
    instance.metadata.Series[metadataNumbers.ExpectedNumberOfInstances] !== undefined &&
    isSeriesComplete(sql, series)
  )
    logChange(sql, "CompletedSeries", { level: "Series", id: series }, receivedAt);
  return ["Instance", ...levels];
}

function fileIn(attachments: readonly Pick<Attachment, "type" | "uncompressedChecksum">[]): string {
  return attachments.find(({ type }) => type === dicomType)?.uncompressedChecksum ?? "";
}

/** Whether a stored instance gives way to the new one. Without MD5 sums of both nothing tells that they are the same. */
function gives(way: StorePolicy["overwrite"], stored: readonly Attachment[], instance: NewInstance): boolean {
  if (way !== "IfChanged") return way === "Always";
  const present = fileIn(stored);
  return present === "" || present !== fileIn(instance.attachments);
}

/**
 * Indexes an instance, unless it is stored already or does not fit (behaviour §2.8, §2.9). `lineage`: that of its series, where it is known to the
 * caller and the instance replaces none.
 */
export function storeInstance(sql: Sql, instance: NewInstance, policy: StorePolicy, lineage?: Lineage): StoreResult {
  const former = findRow(sql, instance.identifiers.Instance, "Instance");
  const stored = former === undefined ? [] : (attachmentsOf(sql, "Instance", [former.id]).get(former.id) ?? []);
  if (former !== undefined && !gives(policy.overwrite, stored, instance)) return { status: "AlreadyStored" };

  const added = sizesOf(instance.attachments).compressedSize - sizesOf(stored).compressedSize;
  const recycled = makeRoom(sql, instance, policy, added);
  if (recycled === undefined) return { status: "StorageFull" };

  const orphaned: Attachment[] = [];
  const deleted: ResourceReference[] = [];
  for (const row of former === undefined ? recycled : [former, ...recycled]) {
    const result = removeRow(sql, row, instance.receivedAt);
    orphaned.push(...result.orphaned);
    deleted.push(...result.deleted);
  }
  return { status: "Success", created: insert(sql, instance, lineage), orphaned, deleted };
}
