import type { FindInclude, FindRequest, FoundResource, Level } from "../../catalog.ts";
import { attachmentsOf } from "../attachment-rows.ts";
import { labelsOf } from "../labels.ts";
import { levelTables } from "../levels.ts";
import { metadataOf } from "../metadata.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { descendants } from "./descendants.ts";

/** A part of the answer for the resource of an id. */
export type AddedPart = (id: number) => Partial<FoundResource>;

type Gather = (sql: Sql, level: Level, ids: readonly number[]) => AddedPart;

/** The second column of rows, listed by the first. */
function grouped<Value>(
  rows: Iterable<readonly SqlValue[]>,
  convert: (value: SqlValue) => Value,
): ReadonlyMap<number, Value[]> {
  const groups = new Map<number, Value[]>();
  for (const [id, value] of rows) {
    const group = groups.get(Number(id));
    if (group === undefined) groups.set(Number(id), [convert(value ?? null)]);
    else group.push(convert(value ?? null));
  }
  return groups;
}

const children: Gather = (sql, level, ids) => {
  const { child } = levelTables[level];
  if (child === undefined) return () => ({ children: [] });
  const { parent, table } = levelTables[child];
  const column = parent?.column ?? "";
  const found = grouped(
    sql.iterate(
      `SELECT ${column}, publicId FROM ${table} WHERE ${column} IN (SELECT value FROM json_each(?)) ORDER BY publicId`,
      [JSON.stringify(ids)],
    ),
    String,
  );
  return (id) => ({ children: found.get(id) ?? [] });
};

const metadata: Gather = (sql, level, ids) => {
  const found = metadataOf(sql, level, ids);
  return (id) => ({ metadata: found.get(id) ?? {} });
};

const attachments: Gather = (sql, level, ids) => {
  const found = attachmentsOf(sql, level, ids);
  return (id) => ({ attachments: found.get(id) ?? [] });
};

const labels: Gather = (sql, level, ids) => {
  const found = labelsOf(sql, level, ids);
  return (id) => ({ labels: found.get(id) ?? [] });
};

function sortedDistinct(values: readonly string[] | undefined): readonly string[] {
  return [...new Set((values ?? []).flatMap((value) => (value === "" ? [] : value.split("\\"))))].sort();
}

const modalitiesInStudy: Gather = (sql, level, ids) => {
  const found = grouped(descendants(sql, { level, ids, of: "Series", column: "Modality" }), (value) =>
    value === null ? "" : String(value),
  );
  return (id) => ({ modalitiesInStudy: sortedDistinct(found.get(id)) });
};

const sopClasses: Gather = (sql, level, ids) => {
  const source =
    level === "Instance"
      ? ({ of: "Instance", column: "sopClassUid" } as const)
      : ({ of: "Series", column: "sopClasses" } as const);
  const found = grouped(descendants(sql, { level, ids, ...source }), (value) => (value === null ? "" : String(value)));
  return (id) => ({ sopClasses: sortedDistinct(found.get(id)) });
};

const indexesInSeries: Gather = (sql, level, ids) => {
  const found = grouped(descendants(sql, { level, ids, of: "Instance", column: "indexInSeries" }), (value) =>
    value === null ? null : String(value),
  );
  return (id) => ({ indexesInSeries: found.get(id) ?? [] });
};

/** The first child of the first child … of a resource. */
function firstInstance(level: Level): string {
  const { child } = levelTables[level];
  if (child === undefined) return "?";
  const below = levelTables[child];
  let text = `SELECT MIN(id) FROM ${below.table} WHERE ${below.parent?.column} = ?`;
  for (let lower = below.child; lower !== undefined; lower = levelTables[lower].child) {
    const { parent, table } = levelTables[lower];
    text = `SELECT MIN(id) FROM ${table} WHERE ${parent?.column} = (${text})`;
  }
  return `(${text})`;
}

const oneInstance: Gather = (sql, level) => {
  const text = `SELECT publicId FROM instances WHERE id = ${firstInstance(level)}`;
  return (id) => {
    const publicId = sql.get(text, id)?.["publicId"];
    return typeof publicId === "string" ? { oneInstance: publicId } : {};
  };
};

const gathers: readonly { readonly part: keyof FindInclude; readonly gather: Gather }[] = [
  { part: "children", gather: children },
  { part: "metadata", gather: metadata },
  { part: "attachments", gather: attachments },
  { part: "labels", gather: labels },
  { part: "modalitiesInStudy", gather: modalitiesInStudy },
  { part: "sopClasses", gather: sopClasses },
  { part: "indexesInSeries", gather: indexesInSeries },
  { part: "oneInstance", gather: oneInstance },
];

/** The parts that come from other tables, each with one statement for the whole page. */
export function addedParts(sql: Sql, { level, include }: FindRequest, ids: readonly number[]): readonly AddedPart[] {
  return gathers.flatMap(({ part, gather }) => (include[part] === true ? [gather(sql, level, ids)] : []));
}
