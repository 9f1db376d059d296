import { makeStudy, type StudyOptions } from "../phantoms/study.ts";
import { askJson } from "./ask.ts";

/** What `POST /instances` answers for one file. */
export interface Stored {
  readonly ID: string;
  readonly ParentPatient: string;
  readonly ParentSeries: string;
  readonly ParentStudy: string;
  readonly Status: string;
}

export function upload(url: string, file: Buffer): Promise<Stored> {
  return askJson<Stored>(url, "POST /instances", { body: file });
}

/** Uploads the small images of a phantom study, one by one; the answers in their order. */
export async function uploadStudy(
  url: string,
  options: StudyOptions = {},
): Promise<readonly [Stored, ...(readonly Stored[])]> {
  const [first, ...others] = makeStudy({ rows: 8, instances: 1, ...options });
  if (first === undefined) throw new Error("The study has no instances");
  const stored: [Stored, ...Stored[]] = [await upload(url, first.file)];
  for (const { file } of others) stored.push(await upload(url, file));
  return stored;
}
