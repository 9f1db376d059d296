import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A file of the corpus, chosen to be uploaded. */
export interface CorpusFile {
  readonly path: string;
  readonly read: () => Buffer;
}

interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly expected?: "parse" | "reject";
  readonly ambiguous?: boolean;
}

const largest = 60_000;
/** How many files of a folder are taken, spread over it; 2 of the others. */
const perFolder: Readonly<Record<string, number>> = {
  charsets: 9,
  "charsets/generated": 6,
  "private/generated": 3,
  "series/mr-fmri-ge": 3,
  "syntaxes/generated": 4,
  "syntaxes/uncompressed": 5,
  dicomdir: 0,
  "dicomdir/pydicom": 0,
  malformed: 0,
};
/** Ends Orthanc 1.10.1 when its frames are asked for. */
const deadly: readonly string[] = ["syntaxes/fragments/HasFragmentSequence.dcm"];

/** Small files of all kinds, the same ones in every run. */
export function chooseCorpusFiles(folder: string): readonly CorpusFile[] {
  const { files } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { files: ManifestFile[] };
  const usable = files.filter(
    ({ path, bytes, expected, ambiguous }) =>
      expected === "parse" && ambiguous !== true && bytes <= largest && !deadly.includes(path),
  );
  const groups = Map.groupBy(usable, ({ path }) => folderOf(path));
  return [...groups].flatMap(([group, members]) =>
    spread(members, perFolder[group] ?? perFolder[group.split("/")[0] ?? ""] ?? 2).map(({ path }) => ({
      path,
      read: () => readFileSync(join(folder, path)),
    })),
  );
}

const folderOf = (path: string): string => path.split("/").slice(0, -1).slice(0, 2).join("/");

/** So many of a list, evenly spread over it. */
export function spread<T>(list: readonly T[], count: number): readonly T[] {
  if (list.length <= count) return list;
  return list.filter(
    (_, at) => Math.floor((at * count) / list.length) !== Math.floor(((at - 1) * count) / list.length),
  );
}
