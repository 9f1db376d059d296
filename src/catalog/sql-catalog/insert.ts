import { tagHex } from "../../dicom/tag.ts";
import type { Level, Metadata, NewInstance, TagValues } from "../catalog.ts";
import { counterColumns, type Growth } from "./grow.ts";
import { levelTables, type Ancestor } from "./levels.ts";
import { metadataColumn, metadataColumns, metadataNumbers } from "./metadata-columns.ts";
import type { Sql, SqlValue } from "./sql.ts";
import { normalisedKey, tagColumns, type TagColumn } from "./tag-columns.ts";

interface TagBinding {
  readonly hex: string;
  readonly withKey: boolean;
}

const bindingsOf = (columns: readonly TagColumn[]): readonly TagBinding[] =>
  columns.map(({ tag, search }) => ({ hex: tagHex(tag), withKey: search === "key" }));

const bindings: Readonly<Record<Level, readonly TagBinding[]>> = {
  Patient: bindingsOf(tagColumns.Patient),
  Study: bindingsOf(tagColumns.Study),
  Series: bindingsOf(tagColumns.Series),
  Instance: bindingsOf(tagColumns.Instance),
};

const hexWithColumn: Readonly<Record<Level, ReadonlySet<string>>> = {
  Patient: new Set(bindings.Patient.map(({ hex }) => hex)),
  Study: new Set(bindings.Study.map(({ hex }) => hex)),
  Series: new Set(bindings.Series.map(({ hex }) => hex)),
  Instance: new Set(bindings.Instance.map(({ hex }) => hex)),
};

/** The columns that hold main DICOM tags, in the order of `tagValues`. */
export function namesOf(columns: readonly TagColumn[]): string[] {
  return columns.flatMap(({ name, search }) => (search === "key" ? [name, `${name}Key`] : [name]));
}

function insertText(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`;
}

const metadataNames = (level: Level): string[] => metadataColumns[level].map(({ name }) => name);

const ancestorNames = (level: Ancestor, own: readonly string[]): string[] => [
  "publicId",
  ...own,
  "isStable",
  ...counterColumns[level],
  ...metadataNames(level),
  ...namesOf(tagColumns[level]),
  "extraTags",
];

const texts: Readonly<Record<Level, string>> = {
  Patient: insertText("patients", ancestorNames("Patient", ["isProtected", "recyclingOrder"])),
  Study: insertText("studies", [
    ...ancestorNames("Study", ["patient"]),
    ...namesOf(tagColumns.Patient),
    "extraPatientTags",
  ]),
  Series: insertText("series", ancestorNames("Series", ["study", "sopClasses"])),
  Instance: `${insertText("instances", [
    "publicId",
    "series",
    "uuid",
    "customData",
    "uncompressedSize",
    "compressedSize",
    "uncompressedChecksum",
    "compressedChecksum",
    "compression",
    "revision",
    ...metadataNames("Instance"),
    ...namesOf(tagColumns.Instance),
    "extraTags",
  ])} ON CONFLICT (publicId) DO NOTHING`,
};

/** The values of the level's columns of main DICOM tags. */
export function tagValues(level: Level, tags: TagValues): SqlValue[] {
  const values: SqlValue[] = [];
  for (const { hex, withKey } of bindings[level]) {
    const value = tags[hex];
    values.push(value ?? null);
    if (withKey) values.push(value === undefined ? null : normalisedKey(value));
  }
  return values;
}

/** Main DICOM tags without a column, as JSON. */
export function extraTags(level: Level, tags: TagValues): SqlValue {
  const extra = Object.entries(tags).filter(([hex]) => !hexWithColumn[level].has(hex));
  return extra.length === 0 ? null : JSON.stringify(Object.fromEntries(extra));
}

function metadataValues(level: Level, metadata: Metadata, lastUpdate: string): SqlValue[] {
  return metadataColumns[level].map((column) =>
    column.metadata === metadataNumbers.LastUpdate ? lastUpdate : (metadata[column.metadata] ?? null),
  );
}

/** Metadata that have no column go to the table `metadata`. */
function insertSideMetadata(sql: Sql, level: Level, id: number, metadata: Metadata): void {
  for (const [key, value] of Object.entries(metadata)) {
    const number = Number(key);
    if (metadataColumn(level, number) !== undefined || number === metadataNumbers.LastUpdate) continue;
    sql.run(
      "INSERT INTO metadata (level, resource, metadata, value, revision) VALUES (?, ?, ?, ?, 0)",
      levelTables[level].number,
      id,
      number,
      value,
    );
  }
}

/** What a new row of a level above the instance begins with. */
export interface AncestorStart {
  readonly growth: Growth;
  /** Values of the columns that only this level has. */
  readonly own: readonly SqlValue[];
}

/** Inserts a patient, study or series with its first counters. */
export function insertAncestor(
  sql: Sql,
  level: Ancestor,
  instance: NewInstance,
  { growth, own }: AncestorStart,
): number {
  const tags = instance.mainDicomTags[level];
  const copied =
    level === "Study"
      ? [...tagValues("Patient", instance.mainDicomTags.Patient), extraTags("Patient", instance.mainDicomTags.Patient)]
      : [];
  const { insertedId } = sql.run(
    texts[level],
    instance.identifiers[level],
    ...own,
    0,
    ...counterColumns[level].map((column) => growth[column]),
    ...metadataValues(level, instance.metadata[level], instance.receivedAt),
    ...tagValues(level, tags),
    extraTags(level, tags),
    ...copied,
  );
  insertSideMetadata(sql, level, insertedId, instance.metadata[level]);
  return insertedId;
}

/** Inserts the row of an instance, its DICOM file included; undefined, and nothing is done, when there is such an instance already. */
export function insertInstance(sql: Sql, instance: NewInstance, series: number): number | undefined {
  const tags = instance.mainDicomTags.Instance;
  const dicom = instance.attachments.find(({ type }) => type === 1);
  const { changes, insertedId } = sql.run(
    texts.Instance,
    instance.identifiers.Instance,
    series,
    dicom?.uuid ?? null,
    dicom?.customData ?? null,
    dicom?.uncompressedSize ?? null,
    dicom?.compressedSize ?? null,
    dicom?.uncompressedChecksum ?? null,
    dicom?.compressedChecksum ?? null,
    dicom?.compression ?? null,
    dicom === undefined ? null : 0,
    ...metadataValues("Instance", instance.metadata.Instance, instance.receivedAt),
    ...tagValues("Instance", tags),
    extraTags("Instance", tags),
  );
  if (changes === 0) return undefined;
  insertSideMetadata(sql, "Instance", insertedId, instance.metadata.Instance);
  return insertedId;
}
