import type { Level, ResourceStatistics, Statistics } from "../catalog.ts";
import { attachmentsOf } from "./attachment-rows.ts";
import { levelTables } from "./levels.ts";
import { findRow } from "./resources.ts";
import { sizesOf, type Sizes } from "./sizes.ts";
import { integer, type Row, type Sql } from "./sql.ts";

/** Of the whole catalog. */
export function statistics(sql: Sql): Statistics {
  const row = sql.get("SELECT * FROM totals");
  if (row === undefined) throw new RangeError("the table totals is empty");
  return {
    compressedSize: integer(row, "compressedSize"),
    uncompressedSize: integer(row, "uncompressedSize"),
    patients: integer(row, "patients"),
    studies: integer(row, "studies"),
    series: integer(row, "series"),
    instances: integer(row, "instances"),
  };
}

function storedSizes(row: Row): Sizes {
  return {
    compressedSize: integer(row, "compressedSize"),
    uncompressedSize: integer(row, "uncompressedSize"),
    dicomCompressedSize: integer(row, "dicomCompressedSize"),
    dicomUncompressedSize: integer(row, "dicomUncompressedSize"),
  };
}

/** Sizes and numbers of what is below one resource, itself included. */
export function resourceStatistics(sql: Sql, publicId: string, level?: Level): ResourceStatistics | undefined {
  const resource = findRow(sql, publicId, level);
  if (resource === undefined) return undefined;
  if (resource.level === "Instance")
    return {
      ...sizesOf(attachmentsOf(sql, "Instance", [resource.id]).get(resource.id) ?? []),
      patients: 0,
      studies: 0,
      series: 0,
      instances: 1,
    };
  const row = sql.get(`SELECT * FROM ${levelTables[resource.level].table} WHERE id = ?`, resource.id);
  if (row === undefined) return undefined;
  return {
    ...storedSizes(row),
    patients: resource.level === "Patient" ? 1 : 0,
    studies: resource.level === "Patient" ? integer(row, "studies") : resource.level === "Study" ? 1 : 0,
    series: resource.level === "Series" ? 1 : integer(row, "series"),
    instances: integer(row, "instances"),
  };
}
