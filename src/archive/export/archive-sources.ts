import type { ZipSource } from "../zip/write-zip.ts";
import {
  distinctName,
  fileNames,
  folderName,
  type FolderLevel,
  type GivenNames,
  type NameOptions,
} from "./entry-names.ts";
import { instancesOf, openExported, type ExportParts, type WantedTranscoding } from "./exported-files.ts";
import type { ExportedSeries } from "./plan-export.ts";

export interface ArchiveSourcesOptions extends NameOptions {
  readonly transcode: WantedTranscoding | undefined;
}

const folderLevels: readonly FolderLevel[] = ["Patient", "Study", "Series"];

/** The files of the planned series, in a folder for each series below those of its study and its patient. */
export async function* archiveSources(
  parts: ExportParts,
  plan: readonly ExportedSeries[],
  options: ArchiveSourcesOptions,
): AsyncGenerator<ZipSource, void, void> {
  const folders = createFolders(options);
  for (const series of plan) {
    const instances = await instancesOf(parts.catalog, series);
    const folder = folders(series);
    const names = fileNames(
      series.tags.Series,
      instances.map(({ index }) => index),
    );
    for (const [at, { publicId }] of instances.entries()) {
      yield { name: `${folder}/${names[at]}`, open: () => openExported(parts, publicId, options.transcode) };
    }
  }
}

/** The path of the folder of a series; each resource has one of its own. */
function createFolders(options: NameOptions): (series: ExportedSeries) => string {
  const paths = new Map<string, string>();
  const given = new Map<string, GivenNames>();
  return ({ ids, tags }) => {
    let path = "";
    for (const level of folderLevels) {
      const known = paths.get(ids[level]);
      if (known === undefined) {
        const names = given.get(path) ?? new Set<string>();
        given.set(path, names);
        const name = distinctName(folderName(level, tags[level], options), names);
        path = path === "" ? name : `${path}/${name}`;
        paths.set(ids[level], path);
      } else {
        path = known;
      }
    }
    return path;
  };
}
