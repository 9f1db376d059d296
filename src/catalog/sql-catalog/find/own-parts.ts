import { tagHex, type Tag } from "../../../dicom/tag.ts";
import type { FindInclude, FindRequest, Level, TagValues } from "../../catalog.ts";
import { levelTables, levelsAbove } from "../levels.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { tagColumns } from "../tag-columns.ts";
import type { Parts } from "./parts.ts";
import { fromClause } from "./select-ids.ts";

/** Columns of one part of the answer, and what becomes of their values. */
interface Piece {
  readonly columns: readonly string[];
  /** The values of the piece's columns begin at `at`. */
  readonly set: (parts: Parts, row: readonly SqlValue[], at: number) => void;
  readonly levels: readonly Level[];
}

function extraTagsIn(json: string): TagValues {
  const values: unknown = JSON.parse(json);
  return typeof values === "object" && values !== null
    ? Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, String(value)]))
    : {};
}

/** The main DICOM tags of one level, its own or one above; a patient's seen from below are the study's copy. */
function tagsPiece(asked: Level, level: Level, needed: readonly Tag[] | undefined): Piece {
  const holder: Level = level === "Patient" && asked !== "Patient" ? "Study" : level;
  const { table } = levelTables[holder];
  const extra = holder === level ? "extraTags" : "extraPatientTags";
  const columns = tagColumns[level].filter(({ tag }) => needed?.includes(tag) ?? true);
  const needsExtra = needed === undefined || columns.length < needed.length;
  const hexes = columns.map(({ tag }) => tagHex(tag));
  return {
    columns: [...columns.map(({ name }) => `${table}.${name}`), needsExtra ? `${table}.${extra}` : "NULL"],
    levels: [holder],
    set: (parts, row, at) => {
      const tags: Record<string, string> = {};
      for (const [index, hex] of hexes.entries()) {
        const value = row[at + index];
        if (typeof value === "string") tags[hex] = value;
      }
      const extraValues = row[at + hexes.length];
      if (typeof extraValues === "string") Object.assign(tags, extraTagsIn(extraValues));
      const all: Partial<Record<Level, TagValues>> = (parts.mainDicomTags ??= {});
      all[level] = tags;
    },
  };
}

function ancestorsPiece(asked: Level): Piece {
  const above = levelsAbove(asked);
  return {
    columns: above.map((level) => `${levelTables[level].table}.publicId`),
    levels: above,
    set: (parts, row, at) => {
      parts.ancestors = Object.fromEntries(above.map((level, index) => [level, String(row[at + index])]));
    },
  };
}

const counters = {
  Patient: ["patients.studies", "patients.series", "patients.instances"],
  Study: ["0", "studies.series", "studies.instances"],
  Series: ["0", "0", "series.instances"],
  Instance: ["0", "0", "0"],
} as const;

function countsPiece(asked: Level): Piece {
  return {
    columns: counters[asked],
    levels: [],
    set: (parts, row, at) => {
      parts.counts = { studies: Number(row[at]), series: Number(row[at + 1]), instances: Number(row[at + 2]) };
    },
  };
}

/** An instance has no state of its own: it is as stable as its series. */
function statusPiece(asked: Level): Piece {
  const holder: Level = asked === "Instance" ? "Series" : asked;
  const { table } = levelTables[holder];
  return {
    columns: [`${table}.isStable`, asked === "Patient" ? "patients.isProtected" : "0", `${table}.lastUpdate`],
    levels: [holder],
    set: (parts, row, at) => {
      parts.status = { isStable: row[at] === 1, isProtected: row[at + 1] === 1, lastUpdate: String(row[at + 2]) };
    },
  };
}

function piecesOf(level: Level, include: FindInclude): readonly Piece[] {
  return [
    ...(include.mainDicomTags ?? [])
      .filter((other) => levelTables[other].number <= levelTables[level].number)
      .map((other) => tagsPiece(level, other, include.neededTags?.[other])),
    ...(include.ancestors === true ? [ancestorsPiece(level)] : []),
    ...(include.counts === true ? [countsPiece(level)] : []),
    ...(include.status === true ? [statusPiece(level)] : []),
  ];
}

/** Rows of a resource's id and public id, and what the pieces ask of its level and of those above; in the order of `ids`. */
export function ownRows(
  sql: Sql,
  { level, include }: FindRequest,
  ids: readonly number[],
): readonly (readonly SqlValue[])[] {
  const { table } = levelTables[level];
  const pieces = piecesOf(level, include);
  const columns = [`${table}.id`, `${table}.publicId`, ...pieces.flatMap((piece) => piece.columns)];
  const from = fromClause(
    level,
    pieces.flatMap(({ levels }) => levels),
  );
  const text = `SELECT ${columns.join(", ")} FROM ${from} WHERE ${table}.id IN (SELECT value FROM json_each(?))`;
  const rows = new Map(sql.rows(text, [JSON.stringify(ids)]).map((row) => [row[0], row]));
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [row];
  });
}

/** Makes resources of rows of `ownRows` for the same request. */
export function ownPartsReader({ level, include }: FindRequest): (row: readonly SqlValue[]) => Parts {
  const pieces = piecesOf(level, include);
  return (row) => {
    const parts: Parts = { level, publicId: String(row[1]) };
    let at = 2;
    for (const piece of pieces) {
      piece.set(parts, row, at);
      at += piece.columns.length;
    }
    return parts;
  };
}
