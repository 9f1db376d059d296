import type { NewInstance, StorePolicy } from "../catalog.ts";
import type { ResourceRow } from "./resources.ts";
import { integer, type Sql } from "./sql.ts";

interface Excess {
  readonly bytes: number;
  readonly patients: number;
}

function excessWith(sql: Sql, { identifiers }: NewInstance, policy: StorePolicy, growth: number): Excess {
  const totals = sql.get("SELECT compressedSize, patients FROM totals");
  if (totals === undefined) throw new RangeError("the table totals is empty");
  const known = sql.get("SELECT 1 AS found FROM patients WHERE publicId = ?", identifiers.Patient) !== undefined;
  const { maximumStorageSize, maximumPatientCount } = policy;
  return {
    bytes: maximumStorageSize === 0 ? 0 : integer(totals, "compressedSize") + growth - maximumStorageSize,
    patients: maximumPatientCount === 0 ? 0 : integer(totals, "patients") + (known ? 0 : 1) - maximumPatientCount,
  };
}

/**
 * The patients that must go so that the instance fits into the quotas (behaviour §2.9): the oldest ones that are not protected, never the
 * one that is being stored. Undefined when there is no way. `growth`: bytes that storing adds.
 */
export function makeRoom(
  sql: Sql,
  instance: NewInstance,
  policy: StorePolicy,
  growth: number,
): readonly ResourceRow[] | undefined {
  if (policy.maximumStorageSize === 0 && policy.maximumPatientCount === 0) return [];
  let { bytes, patients } = excessWith(sql, instance, policy, growth);
  if (bytes <= 0 && patients <= 0) return [];
  if (policy.storageMode === "Reject") return undefined;
  const chosen: ResourceRow[] = [];
  const candidates = sql.iterate(
    "SELECT id, compressedSize FROM patients WHERE isProtected = 0 AND publicId <> ? ORDER BY recyclingOrder",
    [instance.identifiers.Patient],
  );
  for (const [id, size] of candidates) {
    chosen.push({ level: "Patient", id: Number(id) });
    bytes -= Number(size);
    patients -= 1;
    if (bytes <= 0 && patients <= 0) return chosen;
  }
  return undefined;
}
