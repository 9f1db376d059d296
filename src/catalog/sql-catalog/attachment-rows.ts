import type { Attachment, Level, NewAttachment } from "../catalog.ts";
import { levelTables } from "./levels.ts";
import type { ResourceRow } from "./resources.ts";
import { integer, optionalText, text, type Row, type Sql } from "./sql.ts";

/** Attachment 1 (`dicom`) of an instance is kept in the instance's row, the others in the table `attachments`. */
export const dicomType = 1;

/** Columns that make an attachment, in both tables. */
export const fileColumns =
  "uuid, customData, uncompressedSize, compressedSize, uncompressedChecksum, compressedChecksum, compression, revision";

function compressionOf(row: Row): Attachment["compression"] {
  const compression = integer(row, "compression");
  if (compression !== 1 && compression !== 2) throw new RangeError(`compression ${compression}: expected 1 or 2`);
  return compression;
}

/** The attachment in a row that has `fileColumns`. */
export function attachmentIn(row: Row, type: number): Attachment {
  const customData = optionalText(row, "customData");
  return {
    type,
    uuid: text(row, "uuid"),
    ...(customData === undefined ? {} : { customData }),
    uncompressedSize: integer(row, "uncompressedSize"),
    compressedSize: integer(row, "compressedSize"),
    uncompressedChecksum: text(row, "uncompressedChecksum"),
    compressedChecksum: text(row, "compressedChecksum"),
    compression: compressionOf(row),
    revision: integer(row, "revision"),
  };
}

/** The DICOM files of these instances, by the instance's id; none for those that were indexed without a file. */
export function dicomFiles(sql: Sql, ids: readonly number[]): ReadonlyMap<number, Attachment> {
  const rows = sql.all(
    `SELECT id, ${fileColumns} FROM instances WHERE id IN (SELECT value FROM json_each(?)) AND uuid IS NOT NULL`,
    JSON.stringify(ids),
  );
  return new Map(rows.map((row) => [integer(row, "id"), attachmentIn(row, dicomType)]));
}

/** All attachments of these resources of one level, by the resource's id, each list in the order of the types. */
export function attachmentsOf(
  sql: Sql,
  level: Level,
  ids: readonly number[],
): ReadonlyMap<number, readonly Attachment[]> {
  const found = new Map<number, Attachment[]>();
  if (level === "Instance") for (const [id, file] of dicomFiles(sql, ids)) found.set(id, [file]);
  const rows = sql.all(
    `SELECT resource, type, ${fileColumns} FROM attachments WHERE level = ? AND resource IN (SELECT value FROM json_each(?)) ORDER BY resource, type`,
    levelTables[level].number,
    JSON.stringify(ids),
  );
  for (const row of rows) {
    const id = integer(row, "resource");
    const list = found.get(id) ?? [];
    list.push(attachmentIn(row, integer(row, "type")));
    found.set(id, list);
  }
  return found;
}

/** Sets the row of an attachment; a former one of the type is replaced. */
export function putAttachment(sql: Sql, { level, id }: ResourceRow, attachment: NewAttachment, revision: number): void {
  const file = [
    attachment.uuid,
    attachment.customData ?? null,
    attachment.uncompressedSize,
    attachment.compressedSize,
    attachment.uncompressedChecksum,
    attachment.compressedChecksum,
    attachment.compression,
    revision,
  ];
  if (level === "Instance" && attachment.type === dicomType) {
    sql.run(`UPDATE instances SET (${fileColumns}) = (?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?`, ...file, id);
    return;
  }
  sql.run(
    `INSERT OR REPLACE INTO attachments (level, resource, type, ${fileColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    levelTables[level].number,
    id,
    attachment.type,
    ...file,
  );
}

/** Deletes the row of an attachment. */
export function dropAttachment(sql: Sql, { level, id }: ResourceRow, type: number): void {
  if (level === "Instance" && type === dicomType) {
    sql.run(
      `UPDATE instances SET (${fileColumns}) = (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) WHERE id = ?`,
      id,
    );
    return;
  }
  sql.run("DELETE FROM attachments WHERE level = ? AND resource = ? AND type = ?", levelTables[level].number, id, type);
}
