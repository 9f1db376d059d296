import type { Level, TagValues } from "../../catalog/catalog.ts";

/** How texts of DICOM become names of files and folders. */
export interface NameOptions {
  /** Keep letters beyond ASCII (`ZipUseUtf8`). */
  readonly utf8: boolean;
}

/** Names that were given in one folder. */
export type GivenNames = Set<string>;

const tags = {
  PatientID: "00100020",
  PatientName: "00100010",
  AccessionNumber: "00080050",
  StudyDescription: "00081030",
  SeriesNumber: "00200011",
  Modality: "00080060",
  SeriesDescription: "0008103E",
} as const;

/** What the folder of a resource is called after. */
const folderTags = {
  Patient: [tags.PatientID, tags.PatientName],
  Study: [tags.AccessionNumber, tags.StudyDescription],
  Series: [tags.SeriesNumber, tags.Modality, tags.SeriesDescription],
} as const;

/** The levels that are folders. */
export type FolderLevel = Exclude<Level, "Instance">;

/** Bytes of a name: file systems take 255, and a number may have to be added. */
const longestName = 200;

/** `PatientID - PatientName`, `AccessionNumber - StudyDescription`, `SeriesNumber - Modality - SeriesDescription`, without what is empty. */
export function folderName(level: FolderLevel, values: TagValues, options: NameOptions): string {
  const parts = folderTags[level].map((tag) => cleanText(values[tag] ?? "", options)).filter((part) => part !== "");
  return parts.length === 0 ? `Unknown ${level}` : shortened(parts.join(" - ")).replace(/[. ]+$/, "");
}

/** `name`, with `-2`, `-3`, … behind it when the folder has it already; upper and lower case are the same to many file systems. */
export function distinctName(name: string, given: GivenNames): string {
  let distinct = name;
  for (let number = 2; given.has(distinct.toLowerCase()); number++) distinct = `${name}-${number}`;
  given.add(distinct.toLowerCase());
  return distinct;
}

/**
 * Names of the files of one series, in their order: the first two letters of the modality and the number of the instance, eight
 * characters in all. `indexes` are the values of IndexInSeries; when they do not tell the instances apart these are counted from 0.
 */
export function fileNames(series: TagValues, indexes: readonly (string | undefined)[]): readonly string[] {
  const prefix = (series[tags.Modality] ?? "")
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]/g, "")
    .slice(0, 2);
  const numbers = indexes.map((index) => (/^\d{1,9}$/.test(index ?? "") ? Number(index) : undefined));
  const isDistinct = !numbers.includes(undefined) && new Set(numbers).size === numbers.length;
  return numbers.map((number, at) => {
    const digits = String(isDistinct ? number : at).padStart(8 - prefix.length, "0");
    return `${prefix}${digits}.dcm`;
  });
}

/** Without what some file system or program takes for something else: separators, wildcards, control characters, dots at the end. */
function cleanText(text: string, { utf8 }: NameOptions): string {
  const letters = utf8 ? text : asciiOf(text);
  return letters
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\uFFFD^=/\\<>:"|?*\s]+/gu, " ")
    .replace(/^[. ]+$/, "")
    .trim();
}

/** Letters without their accents; what is not ASCII then is left out. */
function asciiOf(text: string): string {
  return text.normalize("NFD").replaceAll(/[^\p{ASCII}]/gu, "");
}

function shortened(name: string): string {
  let short = "";
  let length = 0;
  for (const character of name) {
    length += Buffer.byteLength(character);
    if (length > longestName) return short.trimEnd();
    short += character;
  }
  return name;
}
