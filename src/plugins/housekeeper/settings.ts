import type { PluginServer } from "../../plugin-api.ts";
import { readSchedule, type Schedule } from "./schedule.ts";

/** Section `Housekeeper` of the configuration, checked. */
export interface HousekeeperSettings {
  /** `Triggers`: what is looked after. */
  readonly triggers: {
    readonly mainDicomTags: boolean;
    readonly storageCompression: boolean;
    readonly ingestTranscoding: boolean;
    readonly dicomWebCache: boolean;
  };
  /** Go through everything even if nothing was changed. */
  readonly force: boolean;
  /** Rewrite files whenever tags are read again. */
  readonly forceReconstructFiles: boolean;
  /** Milliseconds between two studies. */
  readonly throttleDelay: number;
  /** Undefined: at any time. */
  readonly schedule: Schedule | undefined;
  readonly level: ReconstructLevel;
}

export const reconstructLevels = ["Patient", "Study", "Series", "Instance", "All"] as const;
/** `LimitMainDicomTagsReconstructLevel` */
export type ReconstructLevel = (typeof reconstructLevels)[number];

type Configuration = Pick<PluginServer, "section">;
type Section = Readonly<Record<string, unknown>>;

/** Nothing can be put in order on a server that is read only. */
export function isEnabled(configuration: Configuration): boolean {
  return sectionOf(configuration)["Enable"] === true && configuration.section("ReadOnly") !== true;
}

/** Throws `ParameterOutOfRange` for a schedule that cannot be understood. */
export function readSettings(configuration: Configuration): HousekeeperSettings {
  const section = sectionOf(configuration);
  const triggers = asSection(section["Triggers"]);
  const { ThrottleDelay: delay, Schedule: schedule, LimitMainDicomTagsReconstructLevel: level } = section;
  return {
    triggers: {
      mainDicomTags: triggers["MainDicomTagsChange"] !== false,
      storageCompression: triggers["StorageCompressionChange"] !== false,
      ingestTranscoding: triggers["IngestTranscodingChange"] !== false,
      dicomWebCache: triggers["DicomWebCacheChange"] !== false,
    },
    force: section["Force"] === true,
    forceReconstructFiles: section["ForceReconstructFiles"] === true,
    throttleDelay: (typeof delay === "number" ? delay : 5) * 1000,
    schedule: schedule === undefined ? undefined : readSchedule(schedule),
    level: reconstructLevels.find((known) => known === level) ?? "All",
  };
}

function sectionOf(configuration: Configuration): Section {
  return asSection(configuration.section("Housekeeper"));
}

function asSection(value: unknown): Section {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
