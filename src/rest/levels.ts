import { type Level, levels, type ResourceReference } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";

/** What the REST API calls a level of the hierarchy. */
export interface LevelRow {
  readonly level: Level;
  /** Segment of the level's routes. */
  readonly plural: "patients" | "studies" | "series" | "instances";
  /** Segment by which a lower resource names its ancestor: `/instances/{id}/study`. */
  readonly singular: "patient" | "study" | "series" | "instance";
  /** JSON key of the ids one level below. */
  readonly childrenKey?: "Studies" | "Series" | "Instances";
  /** JSON key of the id one level above. */
  readonly parentKey?: "ParentPatient" | "ParentStudy" | "ParentSeries";
  readonly parent?: Level;
  readonly child?: Level;
}

export const levelRows: Readonly<Record<Level, LevelRow>> = {
  Patient: { level: "Patient", plural: "patients", singular: "patient", childrenKey: "Studies", child: "Study" },
  Study: {
    level: "Study",
    plural: "studies",
    singular: "study",
    childrenKey: "Series",
    child: "Series",
    parentKey: "ParentPatient",
    parent: "Patient",
  },
  Series: {
    level: "Series",
    plural: "series",
    singular: "series",
    childrenKey: "Instances",
    child: "Instance",
    parentKey: "ParentStudy",
    parent: "Study",
  },
  Instance: {
    level: "Instance",
    plural: "instances",
    singular: "instance",
    parentKey: "ParentSeries",
    parent: "Series",
  },
};

/** Rows from the patient down. */
export const levelRowsDownwards: readonly LevelRow[] = levels.map((level) => levelRows[level]);

/** Rows above `level`, the patient first. */
export function levelRowsAbove(level: Level): readonly LevelRow[] {
  return levelRowsDownwards.slice(0, levels.indexOf(level));
}

/** Rows below `level`, the nearest first. */
export function levelRowsBelow(level: Level): readonly LevelRow[] {
  return levelRowsDownwards.slice(levels.indexOf(level) + 1);
}

/** `/studies/…`: where a resource is read. */
export function resourcePath(resource: ResourceReference): string {
  return `/${levelRows[resource.level].plural}/${resource.publicId}`;
}

const levelsByName: ReadonlyMap<string, Level> = new Map(
  levelRowsDownwards
    .flatMap(({ level, plural, singular }): [string, Level][] => [
      [plural, level],
      [singular, level],
    ])
    .concat([
      ["image", "Instance"],
      ["images", "Instance"],
    ]),
);

/** Reads `Patient`, `studies`, `Image`, … in any case; throws ParameterOutOfRange. */
export function parseLevel(text: string): Level {
  const level = levelsByName.get(text.toLowerCase());
  if (level === undefined) {
    throw new ServerError("ParameterOutOfRange", `"${text}" is no level: expected Patient, Study, Series or Instance`);
  }
  return level;
}

/** The error (404) for an id that no resource of the level has. */
export function unknownResource(row: LevelRow, publicId: string): ServerError {
  return new ServerError("UnknownResource", `There is no ${row.singular} ${publicId}`);
}
