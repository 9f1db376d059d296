import type { ExportedResource, Level, ResourceReference } from "../catalog.ts";
import { levelOfNumber, levelTables } from "./levels.ts";
import { findRow } from "./resources.ts";
import { integer, text, type Row, type Sql } from "./sql.ts";

const uidsOf: Readonly<Record<Level, string>> = {
  Patient:
    "SELECT PatientID, '' AS StudyInstanceUID, '' AS SeriesInstanceUID, '' AS SOPInstanceUID FROM patients WHERE id = ?",
  Study: "SELECT PatientID, StudyInstanceUID, '' AS SeriesInstanceUID, '' AS SOPInstanceUID FROM studies WHERE id = ?",
  Series:
    "SELECT PatientID, StudyInstanceUID, SeriesInstanceUID, '' AS SOPInstanceUID FROM series JOIN studies ON studies.id = study WHERE series.id = ?",
  Instance:
    "SELECT PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID FROM instances JOIN series ON series.id = instances.series " +
    "JOIN studies ON studies.id = series.study WHERE instances.id = ?",
};

/** Notes that a resource was sent to a modality; nothing when it is unknown. */
export function recordExport(sql: Sql, resource: ResourceReference, remoteModality: string, date: string): void {
  const found = findRow(sql, resource.publicId, resource.level);
  const uids = found === undefined ? undefined : sql.get(uidsOf[resource.level], found.id);
  if (uids === undefined) return;
  sql.run(
    "INSERT INTO exports (level, publicId, remoteModality, date, PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID) " +
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    levelTables[resource.level].number,
    resource.publicId,
    remoteModality,
    date,
    uids["PatientID"] ?? "",
    uids["StudyInstanceUID"] ?? "",
    uids["SeriesInstanceUID"] ?? "",
    uids["SOPInstanceUID"] ?? "",
  );
}

/** Empties the list; numbers go on from where they were. */
export function deleteExports(sql: Sql): void {
  sql.run("DELETE FROM exports");
}

function exportOf(row: Row): ExportedResource {
  return {
    seq: integer(row, "seq"),
    level: levelOfNumber(integer(row, "level")),
    publicId: text(row, "publicId"),
    remoteModality: text(row, "remoteModality"),
    date: text(row, "date"),
    PatientID: text(row, "PatientID"),
    StudyInstanceUID: text(row, "StudyInstanceUID"),
    SeriesInstanceUID: text(row, "SeriesInstanceUID"),
    SOPInstanceUID: text(row, "SOPInstanceUID"),
  };
}

export interface ExportsPage {
  readonly exports: readonly ExportedResource[];
  readonly done: boolean;
  readonly last: number;
}

/** One page of the exports after `since` (exclusive). */
export function exports(sql: Sql, since: number, limit: number): ExportsPage {
  const rows = sql.all("SELECT * FROM exports WHERE seq > ? ORDER BY seq LIMIT ?", since, limit + 1);
  const page = rows.slice(0, limit).map(exportOf);
  const counter = sql.get("SELECT seq FROM sqlite_sequence WHERE name = 'exports'");
  return {
    exports: page,
    done: rows.length <= limit,
    last: page.at(-1)?.seq ?? (counter === undefined ? 0 : integer(counter, "seq")),
  };
}
