import { type KeyValues, ServerError } from "../../plugin-api.ts";
import { members, type Setup, type Work } from "./setup.ts";

/** How far the housekeeper is, as it is kept and as its route shows it. */
export interface Progress {
  /** What everything is stored and indexed by; null before the first time. */
  readonly LastProcessedConfiguration: Setup | null;
  /** What is being put in force; null when there is nothing to do. */
  readonly CurrentlyProcessedConfiguration: Setup | null;
  /** What is done with each study. */
  readonly Work: Work;
  /** Orthanc's identifier of the last study that was done; they are done in the order of their identifiers. */
  readonly LastProcessedStudy: string;
  readonly StudiesProcessed: number;
  /** At its beginning, and those before it. */
  readonly StudiesToProcess: number;
  /** `YYYYMMDDTHHMMSS`, UTC; empty before the first time. */
  readonly LastTimeStarted: string;
}

export const noProgress: Progress = {
  LastProcessedConfiguration: null,
  CurrentlyProcessedConfiguration: null,
  Work: { tags: false, files: false, cache: false },
  LastProcessedStudy: "",
  StudiesProcessed: 0,
  StudiesToProcess: 0,
  LastTimeStarted: "",
};

const key = "progress";

/** What was kept. Throws `CorruptedFile` when it cannot be read. */
export async function readProgress(store: Pick<KeyValues, "get">): Promise<Progress> {
  const text = await store.get(key);
  if (text === undefined) return noProgress;
  const kept = parse(text);
  return {
    LastProcessedConfiguration: setupOf(kept["LastProcessedConfiguration"]),
    CurrentlyProcessedConfiguration: setupOf(kept["CurrentlyProcessedConfiguration"]),
    Work: workOf(members(kept["Work"])),
    LastProcessedStudy: textOf(kept["LastProcessedStudy"]),
    StudiesProcessed: numberOf(kept["StudiesProcessed"]),
    StudiesToProcess: numberOf(kept["StudiesToProcess"]),
    LastTimeStarted: textOf(kept["LastTimeStarted"]),
  };
}

export async function keepProgress(store: Pick<KeyValues, "set">, progress: Progress): Promise<void> {
  await store.set(key, JSON.stringify(progress));
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return members(JSON.parse(text));
  } catch (cause) {
    throw new ServerError("CorruptedFile", "the progress of the housekeeper, in its key-value store", { cause });
  }
}

function setupOf(value: unknown): Setup | null {
  if (value === null || value === undefined) return null;
  const { MainDicomTagsSignature: signature, ...kept } = members(value);
  return {
    MainDicomTagsSignature:
      signature === undefined
        ? undefined
        : Object.fromEntries(Object.entries(members(signature)).map(([level, tags]) => [level, textOf(tags)])),
    StorageCompressionEnabled: kept["StorageCompressionEnabled"] === true,
    IngestTranscoding: textOf(kept["IngestTranscoding"]),
    DicomWebVersion: textOf(kept["DicomWebVersion"]),
  };
}

function workOf({ tags, files, cache }: Readonly<Record<string, unknown>>): Work {
  return { tags: tags === true, files: files === true, cache: cache === true };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
