import type { Level } from "../catalog.ts";

/** Levels that have something below them. */
export type Ancestor = Exclude<Level, "Instance">;

/** How a level is kept: its table, the column of its parent, and its number in the side tables. */
export interface LevelTable {
  readonly level: Level;
  readonly number: number;
  readonly table: string;
  /** The level above, and the column that holds its id; undefined at the top. */
  readonly parent: { readonly level: Ancestor; readonly column: string } | undefined;
  readonly child: Level | undefined;
}

export const levelTables: Readonly<Record<Level, LevelTable>> = {
  Patient: { level: "Patient", number: 1, table: "patients", parent: undefined, child: "Study" },
  Study: {
    level: "Study",
    number: 2,
    table: "studies",
    parent: { level: "Patient", column: "patient" },
    child: "Series",
  },
  Series: {
    level: "Series",
    number: 3,
    table: "series",
    parent: { level: "Study", column: "study" },
    child: "Instance",
  },
  Instance: {
    level: "Instance",
    number: 4,
    table: "instances",
    parent: { level: "Series", column: "series" },
    child: undefined,
  },
};

/** Levels from the top. */
export const levelsDown: readonly Level[] = ["Patient", "Study", "Series", "Instance"];

/** The level with this number in the side tables. */
export function levelOfNumber(number: number): Level {
  const level = levelsDown[number - 1];
  if (level === undefined) throw new RangeError(`no level has the number ${number}`);
  return level;
}

/** Levels strictly above `level`, the nearest first. */
export function levelsAbove(level: Level): readonly Level[] {
  return levelsDown.slice(0, levelsDown.indexOf(level)).reverse();
}

/** Levels strictly below `level`, the nearest first. */
export function levelsBelow(level: Level): readonly Level[] {
  return levelsDown.slice(levelsDown.indexOf(level) + 1);
}
