import type { Level } from "../catalog.ts";
import { levelTables, type Ancestor } from "./levels.ts";
import type { Lineage } from "./lineage.ts";
import type { Sizes } from "./sizes.ts";
import type { Sql } from "./sql.ts";

/** What is added to the counters of resources (negative when something goes). */
export interface Growth extends Sizes {
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  /** The new LastUpdate; undefined leaves it. */
  readonly lastUpdate: string | undefined;
  /** True when something new arrived: nobody can call the resource stable any more, and its patient is the last to be recycled. */
  readonly unstable: boolean;
  /** The row of the last instance that arrived; default: the one that comes next. */
  readonly lastInstance?: number;
}

const sizeColumns = ["compressedSize", "uncompressedSize", "dicomCompressedSize", "dicomUncompressedSize"] as const;

/** The counters of each level's table. */
export const counterColumns = {
  Patient: ["studies", "series", "instances", ...sizeColumns],
  Study: ["series", "instances", ...sizeColumns],
  Series: ["instances", ...sizeColumns],
  Instance: [],
} as const satisfies Record<Level, readonly (keyof Growth)[]>;

/** SQL for a place in the recycling order after all patients: rows of instances are numbered as they come. */
export const lastInRecyclingOrder = "(SELECT COALESCE(MAX(id), 0) + 1 FROM instances)";

// Selecting before and updating by id costs half of UPDATE … RETURNING.
function updateText(level: Ancestor, unstable: boolean): string {
  const assignments = counterColumns[level].map((column) => `${column} = ${column} + ?`);
  if (unstable) assignments.push("isStable = 0");
  if (unstable && level === "Patient")
    assignments.push(`recyclingOrder = MAX(recyclingOrder, COALESCE(?, ${lastInRecyclingOrder}))`);
  return `UPDATE ${levelTables[level].table} SET ${assignments.join(", ")}, lastUpdate = COALESCE(?, lastUpdate) WHERE id = ?`;
}

const texts = {
  kept: {
    Patient: updateText("Patient", false),
    Study: updateText("Study", false),
    Series: updateText("Series", false),
  },
  unstable: {
    Patient: updateText("Patient", true),
    Study: updateText("Study", true),
    Series: updateText("Series", true),
  },
} as const;

/** Adds `growth` to every resource of a lineage. */
export function growAll(sql: Sql, lineage: Lineage, growth: Growth): void {
  const { unstable, lastUpdate = null, lastInstance = null } = growth;
  for (const { level, id } of lineage) {
    const counters = counterColumns[level].map((column) => growth[column]);
    const place = unstable && level === "Patient" ? [lastInstance] : [];
    sql.run(texts[unstable ? "unstable" : "kept"][level], ...counters, ...place, lastUpdate, id);
  }
}

/** Adds to the totals of the whole catalog. */
export function growTotals(sql: Sql, growth: Growth, patients: number): void {
  sql.run(
    "UPDATE totals SET compressedSize = compressedSize + ?, uncompressedSize = uncompressedSize + ?, patients = patients + ?, " +
      "studies = studies + ?, series = series + ?, instances = instances + ?",
    growth.compressedSize,
    growth.uncompressedSize,
    patients,
    growth.studies,
    growth.series,
    growth.instances,
  );
}
