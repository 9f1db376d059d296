import type { PluginServer } from "../../plugin-api.ts";
import type { HousekeeperSettings } from "./settings.ts";

/** What it depends on how resources are stored and indexed. */
export interface Setup {
  /** By level; undefined: the default tags. */
  readonly MainDicomTagsSignature: Readonly<Record<string, string>> | undefined;
  readonly StorageCompressionEnabled: boolean;
  /** UID; empty: none. */
  readonly IngestTranscoding: string;
  /** The version that makes what is kept of metadata; empty: nothing is kept. */
  readonly DicomWebVersion: string;
}

/** What has to be done with each study. */
export interface Work {
  /** Read the main DICOM tags again. */
  readonly tags: boolean;
  /** Store the files as new ones are. */
  readonly files: boolean;
  /** Make what is kept of DICOMweb metadata anew. */
  readonly cache: boolean;
}

/** What a server has that was never put in order: the defaults, as Orthanc takes them, and nothing kept. */
export const unknownSetup: Setup = {
  MainDicomTagsSignature: undefined,
  StorageCompressionEnabled: false,
  IngestTranscoding: "",
  DicomWebVersion: "",
};

/** How new instances are stored and indexed now. */
export async function presentSetup({ ask, section }: Pick<PluginServer, "ask" | "section">): Promise<Setup> {
  const system = members(await (await ask("GET", "/system")).json());
  const extraTags = members(section("ExtraMainDicomTags"));
  const hasExtraTags = Object.values(extraTags).some((tags) => Array.isArray(tags) && tags.length > 0);
  const { IngestTranscoding: transcoding } = system;
  return {
    MainDicomTagsSignature: hasExtraTags ? texts(system["MainDicomTags"]) : undefined,
    StorageCompressionEnabled: system["StorageCompression"] === true,
    IngestTranscoding: typeof transcoding === "string" ? transcoding : "",
    DicomWebVersion: await dicomWebVersion({ ask, section }),
  };
}

async function dicomWebVersion({ ask, section }: Pick<PluginServer, "ask" | "section">): Promise<string> {
  const { Enable, EnableMetadataCache } = members(section("DicomWeb"));
  if (Enable === false || EnableMetadataCache === false) return "";
  const { Version } = members(await (await ask("GET", "/plugins/dicom-web")).json());
  return typeof Version === "string" ? Version : "";
}

/** What has to be done where one of `before` was in force, now that `now` is. */
export function neededWork(before: readonly Setup[], now: Setup, settings: HousekeeperSettings): Work {
  const { triggers, force, forceReconstructFiles } = settings;
  const differs = (key: keyof Setup): boolean =>
    before.some((setup) => JSON.stringify(setup[key]) !== JSON.stringify(now[key]));
  const tags = force || (triggers.mainDicomTags && differs("MainDicomTagsSignature"));
  return {
    tags,
    files:
      (tags && forceReconstructFiles) ||
      (triggers.storageCompression && differs("StorageCompressionEnabled")) ||
      (triggers.ingestTranscoding && differs("IngestTranscoding")),
    cache: now.DicomWebVersion !== "" && (force || (triggers.dicomWebCache && differs("DicomWebVersion"))),
  };
}

/** What is in force everywhere after the work: what was not looked after stays as it was. */
export function setupAfter(before: Setup, now: Setup, { triggers }: HousekeeperSettings): Setup {
  const of = <Key extends keyof Setup>(isDone: boolean, key: Key): Setup[Key] => (isDone ? now : before)[key];
  return {
    MainDicomTagsSignature: of(triggers.mainDicomTags, "MainDicomTagsSignature"),
    StorageCompressionEnabled: of(triggers.storageCompression, "StorageCompressionEnabled"),
    IngestTranscoding: of(triggers.ingestTranscoding, "IngestTranscoding"),
    DicomWebVersion: of(triggers.dicomWebCache, "DicomWebVersion"),
  };
}

/** The members of an object; none of anything else. */
export function members(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(members(value)).map(([key, text]) => [key, String(text)]));
}
