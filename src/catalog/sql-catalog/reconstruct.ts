import type { ReconstructedResource } from "../catalog.ts";
import { extraTags, namesOf, tagValues } from "./insert.ts";
import { levelTables } from "./levels.ts";
import { metadataColumns } from "./metadata-columns.ts";
import { findRow } from "./resources.ts";
import type { Sql, SqlValue } from "./sql.ts";
import { tagColumns } from "./tag-columns.ts";

/** Sets what comes from the files of resources anew; those that are unknown are passed over, and false is returned. */
export function reconstruct(sql: Sql, resources: readonly ReconstructedResource[]): boolean {
  return resources.map((resource) => reconstructOne(sql, resource)).every((isKnown) => isKnown);
}

function reconstructOne(sql: Sql, { level, publicId, mainDicomTags, metadata }: ReconstructedResource): boolean {
  const row = findRow(sql, publicId, level);
  if (row === undefined) return false;
  const fromFile = metadataColumns[level].filter((column) => metadata[column.metadata] !== undefined);
  const tags = [...tagValues(level, mainDicomTags), extraTags(level, mainDicomTags)];
  update(sql, {
    table: levelTables[level].table,
    columns: [...fromFile.map(({ name }) => name), ...namesOf(tagColumns[level]), "extraTags"],
    values: [...fromFile.map((column) => metadata[column.metadata] ?? null), ...tags],
    where: "id",
    id: row.id,
  });
  if (level === "Patient") {
    // Each study has a copy of its patient's tags.
    const columns = [...namesOf(tagColumns.Patient), "extraPatientTags"];
    update(sql, { table: "studies", columns, values: tags, where: "patient", id: row.id });
  }
  return true;
}

interface Update {
  readonly table: string;
  readonly columns: readonly string[];
  readonly values: readonly SqlValue[];
  /** Column that the rows to be updated have `id` in. */
  readonly where: string;
  readonly id: number;
}

function update(sql: Sql, { table, columns, values, where, id }: Update): void {
  const assignments = columns.map((column) => `${column} = ?`).join(", ");
  sql.run(`UPDATE ${table} SET ${assignments} WHERE ${where} = ?`, ...values, id);
}
