import { ServerError, type PluginServer } from "../../plugin-api.ts";

/** Section `Worklists` of the configuration, checked. */
export interface WorklistSettings {
  /** The folder of `*.wl` files; undefined: worklists are in the database. */
  readonly folder: string | undefined;
  /** `FilterIssuerAet`: a station that does not say for whom it asks gets its own steps only. */
  readonly filterIssuerAet: boolean;
  /** 0: no limit. */
  readonly limitAnswers: number;
  readonly setStudyInstanceUidIfMissing: boolean;
  readonly deleteOnStableStudy: boolean;
  /** Milliseconds after which a worklist of the database goes; 0: never. */
  readonly deleteAfter: number;
  /** Milliseconds between two cleanings. */
  readonly housekeepingInterval: number;
  readonly logMatches: boolean;
  readonly caseSensitivePersonNames: boolean;
}

type Configuration = Pick<PluginServer, "section">;
type Section = Readonly<Record<string, unknown>>;

const hour = 3_600_000;

function sectionOf(configuration: Configuration): Section {
  const section = configuration.section("Worklists");
  return typeof section === "object" && section !== null ? { ...section } : {};
}

export function isEnabled(configuration: Configuration): boolean {
  return flag(sectionOf(configuration), "Enable", false);
}

/**
 * The settings of the section, and `CaseSensitivePN`. `Database` is the former name of `Directory`. Throws
 * `IncompatibleConfigurations` unless there is exactly one place for the worklists, and for a delay where files are.
 */
export function readSettings(configuration: Configuration): WorklistSettings {
  const section = sectionOf(configuration);
  const folder = path(section, "Directory") ?? path(section, "Database");
  const inDatabase = flag(section, "SaveInOrthancDatabase", false);
  const deleteAfter = count(section, "DeleteWorklistsDelay", 0) * hour;
  if (inDatabase === (folder !== undefined)) {
    throw new ServerError(
      "IncompatibleConfigurations",
      'Worklists: expected either "Directory" or "SaveInOrthancDatabase": true',
    );
  }
  if (folder !== undefined && deleteAfter > 0) {
    throw new ServerError(
      "IncompatibleConfigurations",
      'Worklists: "DeleteWorklistsDelay" needs "SaveInOrthancDatabase": true',
    );
  }
  return {
    folder,
    filterIssuerAet: flag(section, "FilterIssuerAet", false),
    limitAnswers: count(section, "LimitAnswers", 0),
    setStudyInstanceUidIfMissing: flag(section, "SetStudyInstanceUidIfMissing", true),
    deleteOnStableStudy: flag(section, "DeleteWorklistsOnStableStudy", true),
    deleteAfter,
    housekeepingInterval: Math.max(1, count(section, "HousekeepingInterval", 60)) * 1000,
    logMatches: flag(section, "LogMatchedWorklistIds", false),
    caseSensitivePersonNames: configuration.section("CaseSensitivePN") === true,
  };
}

/** The server has checked the types of what is there. */
function flag(section: Section, name: string, absent: boolean): boolean {
  const value = section[name];
  return typeof value === "boolean" ? value : absent;
}

function count(section: Section, name: string, absent: number): number {
  const value = section[name];
  return typeof value === "number" ? value : absent;
}

function path(section: Section, name: string): string | undefined {
  const value = section[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
