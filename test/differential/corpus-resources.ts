import { ask, askJson } from "../server/ask.ts";
import type { Stored } from "../server/upload.ts";
import { compareAnswers } from "./compare.ts";
import type { CorpusFile } from "./corpus-samples.ts";
import type { Pair } from "./pair.ts";

/** A tag as `/instances/{id}/tags` tells it. */
export interface StoredTag {
  readonly Name: string;
  readonly Type: string;
  readonly Value: unknown;
}

/** An instance that both servers have, as Orthanc sees it. */
export interface CorpusInstance {
  readonly path: string;
  readonly instance: string;
  readonly series: string;
  readonly study: string;
  readonly patient: string;
  /** By `gggg,eeee`. */
  readonly tags: Readonly<Record<string, StoredTag>>;
}

/** What both servers hold. */
export interface CorpusResources {
  readonly instances: readonly CorpusInstance[];
  /** Identifiers of each level, without repetition. */
  readonly ids: Readonly<Record<Level, readonly string[]>>;
  /** Those with one instance. */
  readonly lonely: Readonly<Record<Level, readonly string[]>>;
}

export const levels = ["patients", "studies", "series", "instances"] as const;
export type Level = (typeof levels)[number];

/** Uploads the files to both, one after the other; fails when they are not told the same of one. */
export async function uploadToBoth(pair: Pair, files: readonly CorpusFile[]): Promise<CorpusResources> {
  const instances: CorpusInstance[] = [];
  for (const { path, read } of files) {
    const body = read();
    const [first, second] = await Promise.all(
      [pair.orthanc.url, pair.greyhaven.url].map(async (url) => ({
        url,
        answer: await ask(url, "POST /instances", { body }),
      })),
    );
    if (first === undefined || second === undefined) throw new Error("Two answers were expected");
    const differences = compareAnswers({ target: "POST /instances" }, first, second).filter(
      (difference) => !difference.startsWith("content-type: nothing"),
    );
    if (differences.length > 0) throw new Error(`${path}: ${differences.join("; ")}`);
    if (first.answer.status !== 200) continue;
    const { ID, ParentSeries, ParentStudy, ParentPatient } = first.answer.json() as Stored;
    const tags = await askJson<CorpusInstance["tags"]>(pair.orthanc.url, `GET /instances/${ID}/tags`);
    instances.push({ path, instance: ID, series: ParentSeries, study: ParentStudy, patient: ParentPatient, tags });
  }
  const distinct = instances.filter(
    ({ instance }, at) => instances.findIndex((other) => other.instance === instance) === at,
  );
  const members = ["patient", "study", "series", "instance"] as const;
  const idsWhere = (accept: (instances: number) => boolean): CorpusResources["ids"] => {
    const [patients = [], studies = [], series = [], ids = []] = members.map((member) =>
      [...Map.groupBy(distinct, (row) => row[member])].filter(([, rows]) => accept(rows.length)).map(([id]) => id),
    );
    return { patients, studies, series, instances: ids };
  };
  return { instances: distinct, ids: idsWhere(() => true), lonely: idsWhere((count) => count === 1) };
}
