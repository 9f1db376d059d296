import { metadataColumns } from "../sql-catalog/metadata-columns.ts";
import { tagColumns, type TagColumn } from "../sql-catalog/tag-columns.ts";

const counters = (names: readonly string[]): string => names.map((name) => `${name} INTEGER NOT NULL`).join(", ");
const sizes = ["compressedSize", "uncompressedSize", "dicomCompressedSize", "dicomUncompressedSize"];

function tagColumnsText(columns: readonly TagColumn[]): string {
  return columns
    .flatMap(({ name, search }) => (search === "key" ? [`${name} TEXT`, `${name}Key TEXT`] : [`${name} TEXT`]))
    .join(", ");
}

function tagIndexes(table: string, columns: readonly TagColumn[]): string[] {
  return columns.flatMap(({ name, search }) => {
    if (search === "scan") return [];
    const column = search === "key" ? `${name}Key` : name;
    return [`CREATE INDEX ${table}By${name} ON ${table}(${column})`];
  });
}

const metadataText = (level: keyof typeof metadataColumns): string =>
  metadataColumns[level]
    .map(({ name }) => (name === "lastUpdate" ? "lastUpdate TEXT NOT NULL" : `${name} TEXT`))
    .join(", ");

const unstable = (table: string): string => `CREATE INDEX ${table}Unstable ON ${table}(id) WHERE isStable = 0`;

const patients = [
  `CREATE TABLE patients (
    id INTEGER PRIMARY KEY, publicId TEXT NOT NULL UNIQUE, isStable INTEGER NOT NULL, isProtected INTEGER NOT NULL,
    recyclingOrder INTEGER NOT NULL, ${counters(["studies", "series", "instances", ...sizes])},
    ${metadataText("Patient")}, ${tagColumnsText(tagColumns.Patient)}, extraTags TEXT)`,
  ...tagIndexes("patients", tagColumns.Patient),
  unstable("patients"),
];

const studyTags = [...tagColumns.Patient, ...tagColumns.Study];
const studies = [
  `CREATE TABLE studies (
    id INTEGER PRIMARY KEY, publicId TEXT NOT NULL UNIQUE, patient INTEGER NOT NULL, isStable INTEGER NOT NULL,
    ${counters(["series", "instances", ...sizes])},
    ${metadataText("Study")}, ${tagColumnsText(studyTags)}, extraPatientTags TEXT, extraTags TEXT)`,
  "CREATE INDEX studiesByPatient ON studies(patient)",
  ...tagIndexes("studies", studyTags),
  unstable("studies"),
];

// Distinct SOP classes of the instances are kept with the series (joined by "\"): a study's are found without reading its instances.
const series = [
  `CREATE TABLE series (
    id INTEGER PRIMARY KEY, publicId TEXT NOT NULL UNIQUE, study INTEGER NOT NULL, isStable INTEGER NOT NULL,
    ${counters(["instances", ...sizes])}, sopClasses TEXT NOT NULL,
    ${metadataText("Series")}, ${tagColumnsText(tagColumns.Series)}, extraTags TEXT)`,
  "CREATE INDEX seriesByStudy ON series(study)",
  ...tagIndexes("series", tagColumns.Series),
  unstable("series"),
];

// The DICOM file of an instance (attachment 1) is part of its row; other attachments have their own table.
const instances = [
  `CREATE TABLE instances (
    id INTEGER PRIMARY KEY, publicId TEXT NOT NULL UNIQUE, series INTEGER NOT NULL,
    uuid TEXT, customData TEXT, uncompressedSize INTEGER, compressedSize INTEGER, uncompressedMD5 TEXT, compressedMD5 TEXT,
    compression INTEGER, revision INTEGER,
    ${metadataText("Instance")}, ${tagColumnsText(tagColumns.Instance)}, extraTags TEXT)`,
  "CREATE INDEX instancesBySeries ON instances(series)",
  "CREATE INDEX instancesByUuid ON instances(uuid)",
  ...tagIndexes("instances", tagColumns.Instance),
];

const sideTables = [
  `CREATE TABLE attachments (
    level INTEGER NOT NULL, resource INTEGER NOT NULL, type INTEGER NOT NULL,
    uuid TEXT NOT NULL, customData TEXT, uncompressedSize INTEGER NOT NULL, compressedSize INTEGER NOT NULL,
    uncompressedMD5 TEXT NOT NULL, compressedMD5 TEXT NOT NULL, compression INTEGER NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (level, resource, type)) WITHOUT ROWID`,
  "CREATE INDEX attachmentsByUuid ON attachments(uuid)",
  `CREATE TABLE metadata (
    level INTEGER NOT NULL, resource INTEGER NOT NULL, metadata INTEGER NOT NULL, value TEXT NOT NULL, revision INTEGER NOT NULL,
    PRIMARY KEY (level, resource, metadata)) WITHOUT ROWID`,
  `CREATE TABLE labels (
    level INTEGER NOT NULL, resource INTEGER NOT NULL, label TEXT NOT NULL, PRIMARY KEY (level, resource, label)) WITHOUT ROWID`,
  "CREATE INDEX labelsByLabel ON labels(label)",
  // AUTOINCREMENT: a number is never given twice, even when the last changes are deleted.
  `CREATE TABLE changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, type INTEGER NOT NULL, level INTEGER NOT NULL, resource INTEGER NOT NULL, date TEXT NOT NULL)`,
  "CREATE INDEX changesByResource ON changes(level, resource)",
  `CREATE TABLE exports (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, level INTEGER NOT NULL, publicId TEXT NOT NULL, remoteModality TEXT NOT NULL, date TEXT NOT NULL,
    PatientID TEXT NOT NULL, StudyInstanceUID TEXT NOT NULL, SeriesInstanceUID TEXT NOT NULL, SOPInstanceUID TEXT NOT NULL)`,
  "CREATE TABLE properties (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
  "CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
  `CREATE TABLE totals (id INTEGER PRIMARY KEY CHECK (id = 1), ${counters(["compressedSize", "uncompressedSize", "patients", "studies", "series", "instances"])})`,
  "INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0)",
];

/** The statements that make an empty catalog of version 1. */
export const version1: readonly string[] = [...patients, ...studies, ...series, ...instances, ...sideTables];
