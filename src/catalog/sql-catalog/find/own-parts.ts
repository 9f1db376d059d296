import { tagHex } from "../../../dicom/tag.ts";
import type { FindInclude, FindRequest, FoundResource, Level, TagValues } from "../../catalog.ts";
import { levelTables, levelsAbove } from "../levels.ts";
import type { Sql, SqlValue } from "../sql.ts";
import { tagColumns } from "../tag-columns.ts";
import { fromClause } from "./select-ids.ts";

type Parts = { -readonly [Key in keyof FoundResource]?: FoundResource[Key] };

/** Columns of one part of the answer, and what becomes of their values. */
interface Piece {
  readonly columns: readonly string[];
  /** `values` begin with those of the columns. */
  readonly set: (parts: Parts, values: readonly SqlValue[]) => void;
  readonly levels: readonly Level[];
}

function extraTagsIn(json: SqlValue | undefined): TagValues {
  if (typeof json !== "string") return {};
  const values: unknown = JSON.parse(json);
  return typeof values === "object" && values !== null
    ? Object.fromEntries(Object.entries(values).map(([tag, value]) => [tag, String(value)]))
    : {};
}

/** The main DICOM tags of one level, its own or one above; a patient's seen from below are the study's copy. */
function tagsPiece(asked: Level, level: Level): Piece {
  const holder: Level = level === "Patient" && asked !== "Patient" ? "Study" : level;
  const { table } = levelTables[holder];
  const extra = holder === level ? "extraTags" : "extraPatientTags";
  const hexes = tagColumns[level].map(({ tag }) => tagHex(tag));
  return {
    columns: [...tagColumns[level].map(({ name }) => `${table}.${name}`), `${table}.${extra}`],
    levels: [holder],
    set: (parts, values) => {
      const tags: Record<string, string> = {};
      for (const [at, hex] of hexes.entries()) {
        const value = values[at];
        if (typeof value === "string") tags[hex] = value;
      }
      const extraValues = values[hexes.length];
      parts.mainDicomTags = {
        ...parts.mainDicomTags,
        [level]: extraValues === null ? tags : { ...tags, ...extraTagsIn(extraValues) },
      };
    },
  };
}

function ancestorsPiece(asked: Level): Piece {
  const above = levelsAbove(asked);
  return {
    columns: above.map((level) => `${levelTables[level].table}.publicId`),
    levels: above,
    set: (parts, values) => {
      parts.ancestors = Object.fromEntries(above.map((level, at) => [level, String(values[at])]));
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
    set: (parts, [studies, series, instances]) => {
      parts.counts = { studies: Number(studies), series: Number(series), instances: Number(instances) };
    },
  };
}

/** An instance has no state of its own: it is as stable and protected as what it belongs to. */
function statusPiece(asked: Level): Piece {
  const holder: Level = asked === "Instance" ? "Series" : asked;
  const { table } = levelTables[holder];
  return {
    columns: [`${table}.isStable`, asked === "Patient" ? "patients.isProtected" : "0", `${table}.lastUpdate`],
    levels: [holder],
    set: (parts, [isStable, isProtected, lastUpdate]) => {
      parts.status = { isStable: isStable === 1, isProtected: isProtected === 1, lastUpdate: String(lastUpdate) };
    },
  };
}

function piecesOf(level: Level, include: FindInclude): readonly Piece[] {
  return [
    ...(include.mainDicomTags ?? [])
      .filter((other) => levelTables[other].number <= levelTables[level].number)
      .map((other) => tagsPiece(level, other)),
    ...(include.ancestors === true ? [ancestorsPiece(level)] : []),
    ...(include.counts === true ? [countsPiece(level)] : []),
    ...(include.status === true ? [statusPiece(level)] : []),
  ];
}

/** What the rows of the level and of those above give, by the resource's id. */
export function ownParts(
  sql: Sql,
  { level, include }: FindRequest,
  ids: readonly number[],
): ReadonlyMap<number, Parts & { publicId: string }> {
  const { table } = levelTables[level];
  const pieces = piecesOf(level, include);
  const columns = [`${table}.id`, `${table}.publicId`, ...pieces.flatMap((piece) => piece.columns)];
  const from = fromClause(
    level,
    pieces.flatMap(({ levels }) => levels),
  );
  const found = new Map<number, Parts & { publicId: string }>();
  const rows = sql.iterate(
    `SELECT ${columns.join(", ")} FROM ${from} WHERE ${table}.id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  for (const [id, publicId, ...values] of rows) {
    const parts = { publicId: String(publicId) };
    let rest: readonly SqlValue[] = values;
    for (const piece of pieces) {
      piece.set(parts, rest);
      rest = rest.slice(piece.columns.length);
    }
    found.set(Number(id), parts);
  }
  return found;
}
