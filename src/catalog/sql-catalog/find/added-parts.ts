import type { FindInclude, FindRequest, Level } from "../../catalog.ts";
import { attachmentsOf } from "../attachment-rows.ts";
import { labelsOf } from "../labels.ts";
import { levelTables } from "../levels.ts";
import { metadataOf } from "../metadata.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { descendants } from "./descendants.ts";
import type { Parts } from "./parts.ts";

/** Puts a part into the answer for the resource of an id. */
type AddPart = (parts: AddedParts, id: number) => void;
type Gather = (sql: Sql, level: Level, ids: readonly number[]) => AddPart;

/** The second column of rows, listed by the first. */
function grouped(rows: readonly (readonly SqlValue[])[]): ReadonlyMap<number, readonly (string | null)[]> {
  const groups = new Map<number, (string | null)[]>();
  for (const [id, value] of rows) {
    const entry = typeof value === "string" ? value : null;
    const group = groups.get(Number(id));
    if (group === undefined) groups.set(Number(id), [entry]);
    else group.push(entry);
  }
  return groups;
}

function sortedDistinct(values: readonly (string | null)[]): readonly string[] {
  const found = new Set<string>();
  for (const value of values) for (const single of value?.split("\\") ?? []) if (single !== "") found.add(single);
  return [...found].sort();
}

const children: Gather = (sql, level, ids) => {
  const { child } = levelTables[level];
  const found =
    child === undefined ? new Map() : grouped(descendants(sql, { level, ids, of: child, column: "publicId" }));
  return (parts, id) => {
    parts.children = sortedDistinct(found.get(id) ?? []);
  };
};

const metadata: Gather = (sql, level, ids) => {
  const found = metadataOf(sql, level, ids);
  return (parts, id) => {
    parts.metadata = found.get(id) ?? {};
  };
};

const attachments: Gather = (sql, level, ids) => {
  const found = attachmentsOf(sql, level, ids);
  return (parts, id) => {
    parts.attachments = found.get(id) ?? [];
  };
};

const labels: Gather = (sql, level, ids) => {
  const found = labelsOf(sql, level, ids);
  return (parts, id) => {
    parts.labels = found.get(id) ?? [];
  };
};

const modalitiesInStudy: Gather = (sql, level, ids) => {
  const found = grouped(descendants(sql, { level, ids, of: "Series", column: "Modality", distinct: true }));
  return (parts, id) => {
    parts.modalitiesInStudy = sortedDistinct(found.get(id) ?? []);
  };
};

const sopClasses: Gather = (sql, level, ids) => {
  const source =
    level === "Instance"
      ? ({ of: "Instance", column: "sopClassUid" } as const)
      : ({ of: "Series", column: "sopClasses" } as const);
  const found = grouped(descendants(sql, { level, ids, ...source, distinct: true }));
  return (parts, id) => {
    parts.sopClasses = sortedDistinct(found.get(id) ?? []);
  };
};

const indexesInSeries: Gather = (sql, level, ids) => {
  const found = grouped(descendants(sql, { level, ids, of: "Instance", column: "indexInSeries" }));
  return (parts, id) => {
    parts.indexesInSeries = found.get(id) ?? [];
  };
};

/** SQL for the first child of the first child … of the resource whose id is bound. */
function firstInstance(level: Level): string {
  let text = "?";
  for (let { child } = levelTables[level]; child !== undefined; { child } = levelTables[child]) {
    const { parent, table } = levelTables[child];
    text = `(SELECT MIN(id) FROM ${table} WHERE ${parent?.column} = ${text})`;
  }
  return text;
}

const oneInstance: Gather = (sql, level) => {
  const text = `SELECT publicId FROM instances WHERE id = ${firstInstance(level)}`;
  return (parts, id) => {
    const publicId = sql.get(text, id)?.["publicId"];
    if (typeof publicId === "string") parts.oneInstance = publicId;
  };
};

const gathers = {
  children,
  metadata,
  attachments,
  labels,
  modalitiesInStudy,
  sopClasses,
  indexesInSeries,
  oneInstance,
} as const satisfies Partial<Record<keyof FindInclude, Gather>>;

export type AddedParts = Pick<Parts, Extract<keyof Parts, keyof typeof gathers>>;

/** The parts that come from other tables, each with one statement for the whole page; empty when none are asked for. */
export function addedParts(sql: Sql, { level, include }: FindRequest, ids: readonly number[]): readonly AddedParts[] {
  const asked = Object.entries(gathers).filter(([part]) => include[part as keyof typeof gathers] === true);
  if (asked.length === 0) return [];
  const adding = asked.map(([, gather]) => gather(sql, level, ids));
  return ids.map((id) => {
    const parts: AddedParts = {};
    for (const add of adding) add(parts, id);
    return parts;
  });
}
