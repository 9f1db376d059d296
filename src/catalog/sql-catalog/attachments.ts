import type { Attachment, Level, NewAttachment, RevisionCheck } from "../catalog.ts";
import { attachmentsOf, dropAttachment, putAttachment } from "./attachment-rows.ts";
import { growAll, growTotals, type Growth } from "./grow.ts";
import { lineageOf } from "./lineage.ts";
import { findRow, parentOf, type ResourceRow } from "./resources.ts";
import { checkRevision } from "./revisions.ts";
import { addSizes, negated, sizesOf } from "./sizes.ts";
import { text, type Sql } from "./sql.ts";

/** The attachments of a resource in the order of their types; undefined when the resource is unknown. */
export function attachments(sql: Sql, publicId: string, level?: Level): readonly Attachment[] | undefined {
  const resource = findRow(sql, publicId, level);
  return resource === undefined
    ? undefined
    : (attachmentsOf(sql, resource.level, [resource.id]).get(resource.id) ?? []);
}

function presentOf(sql: Sql, { level, id }: ResourceRow, type: number): Attachment | undefined {
  return attachmentsOf(sql, level, [id])
    .get(id)
    ?.find((attachment) => attachment.type === type);
}

function countSizes(
  sql: Sql,
  resource: ResourceRow,
  now: readonly NewAttachment[],
  former: readonly NewAttachment[],
): void {
  const growth: Growth = {
    ...addSizes(sizesOf(now), negated(sizesOf(former))),
    studies: 0,
    series: 0,
    instances: 0,
    lastUpdate: undefined,
    unstable: false,
  };
  const { level, id } = resource;
  growAll(sql, lineageOf(sql, level === "Instance" ? parentOf(sql, resource) : { level, id }), growth);
  growTotals(sql, growth, 0);
}

/** Sets the attachment of a type; `replaced` is the former one, whose blob must go when it is another. */
export function setAttachment(sql: Sql, publicId: string, attachment: NewAttachment, expected?: number): RevisionCheck {
  const resource = findRow(sql, publicId);
  if (resource === undefined) return { status: "UnknownResource" };
  const former = presentOf(sql, resource, attachment.type);
  const checked = checkRevision(former?.revision, expected);
  if (checked.status !== "Success") return checked;
  putAttachment(sql, resource, attachment, checked.revision);
  countSizes(sql, resource, [attachment], former === undefined ? [] : [former]);
  return former === undefined ? checked : { ...checked, replaced: former };
}

/** Deletes the row of an attachment; `replaced` is what it was. `UnknownResource` also when it is absent. */
export function deleteAttachment(sql: Sql, publicId: string, type: number, expected?: number): RevisionCheck {
  const resource = findRow(sql, publicId);
  const former = resource === undefined ? undefined : presentOf(sql, resource, type);
  if (resource === undefined || former === undefined) return { status: "UnknownResource" };
  const checked = checkRevision(former.revision, expected);
  if (checked.status !== "Success") return checked;
  dropAttachment(sql, resource, type);
  countSizes(sql, resource, [], [former]);
  return { status: "Success", revision: former.revision, replaced: former };
}

/** Of these blobs, those that have a row. */
export function knownBlobs(sql: Sql, uuids: readonly string[]): ReadonlySet<string> {
  const list = JSON.stringify(uuids);
  const rows = sql.all(
    "SELECT uuid FROM instances WHERE uuid IN (SELECT value FROM json_each(?)) " +
      "UNION ALL SELECT uuid FROM attachments WHERE uuid IN (SELECT value FROM json_each(?))",
    list,
    list,
  );
  return new Set(rows.map((row) => text(row, "uuid")));
}
