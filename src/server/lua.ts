import { resolve } from "node:path";
import type { Archive } from "../archive/archive.ts";
import type { IngestFilter } from "../archive/ingest.ts";
import type { Configuration } from "../config/options.ts";
import { parseTag } from "../dicom/dictionary.ts";
import { tagWithComma, type Tag } from "../dicom/tag.ts";
import type { HttpClient } from "../http/client.ts";
import { createLocalClient } from "../http/local-client.ts";
import type { Route } from "../http/route.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { LuaFilters } from "../lua/filters.ts";
import { createLua, type Lua, type LuaParts, type LuaStart } from "../lua/lua.ts";
import type { LuaData } from "../lua/protocol.ts";
import { sequenceJob } from "../lua/sequence-job.ts";
import { createSequences, type Sequences } from "../lua/sequences.ts";
import type { Modalities } from "../remotes/modality.ts";
import type { QueryKeys } from "../remotes/query-identifier.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { luaOperations, type LuaOperationsParts } from "./lua-operations.ts";
import { readText } from "./read-text.ts";

/** Makes the seams of Lua scripts, as the configuration has them. */
export function createServerLua(
  { ExecuteLuaEnabled, LuaHeartBeatPeriod }: Configuration,
  { modalities, ...parts }: Pick<LuaParts, "defaultCharset" | "log"> & { readonly modalities: () => Modalities },
): Lua {
  return createLua({
    ...parts,
    manufacturerOf: (aet) => modalities().byAet(aet)[0]?.modality.Manufacturer ?? "Generic",
    executes: ExecuteLuaEnabled,
    heartBeatPeriod: LuaHeartBeatPeriod,
  });
}

/** The filters of scripts on both sides of the DICOM network. */
export function dicomFilters({ filters }: Lua, archive: Pick<Archive, "header">) {
  return {
    maySend: (instance: string, aet: string) => filters.outgoingStore(archive, instance, aet),
    queryFilters: { find: filters.incomingFind, worklist: filters.incomingWorklist },
  };
}

export interface LuaJobsParts extends Omit<LuaOperationsParts, "transcodes" | "logExports"> {
  readonly configuration: Configuration;
  readonly jobs: JobsEngine;
  readonly log: Log;
}

/** Makes the job of what scripts ask for known to the engine. */
export function createLuaSequences(parts: LuaJobsParts): Sequences {
  const { TranscodeDicomProtocol: transcodes, LogExportedResources: logExports } = parts.configuration;
  const type = sequenceJob(luaOperations({ ...parts, transcodes, logExports }), parts.log);
  parts.jobs.register(type);
  return createSequences(parts.jobs, type);
}

export interface LuaStartParts extends Pick<LuaStart, "archive" | "catalog" | "sequences"> {
  readonly configuration: Configuration;
  /** Folder that the paths of scripts start from. */
  readonly folder: string;
  readonly http: HttpClient;
  readonly routes: readonly Route[];
  readonly pluginRoutes: readonly Route[];
  /** The filters that the archive asks; those of scripts come last. */
  readonly ingestFilters: IngestFilter[];
  readonly log: Log;
}

/** Runs the scripts of the configuration. Throws `InexistentFile`, `CannotExecuteLua`. */
export async function startLua(lua: Lua, parts: LuaStartParts): Promise<void> {
  const { configuration, folder, routes, pluginRoutes, log } = parts;
  const paths = configuration.LuaScripts.map((path) => resolve(folder, path));
  const scripts = await Promise.all(paths.map(async (path) => ({ path, source: await readText(path) })));
  if (configuration.ExecuteLuaEnabled)
    log.warn("ExecuteLuaEnabled: whoever may ask the REST API can run programs here");
  const ofPlugins = new Set(pluginRoutes);
  await lua.start({
    ...parts,
    scripts,
    filterIngest: () => void parts.ingestFilters.push(lua.filters.ingest),
    configuration: JSON.parse(JSON.stringify(configuration)) as LuaData,
    ask: createLocalClient(routes, "Lua"),
    askBuiltin: createLocalClient(
      routes.filter((route) => !ofPlugins.has(route)),
      "Lua",
    ),
  });
}

/** `OutgoingFindRequestFilter` on the keys of a query. Throws `UnknownDicomTag` for what a script made of them. */
export async function filterKeys({ outgoingFind }: LuaFilters, keys: QueryKeys, aet: string): Promise<QueryKeys> {
  const given = Object.fromEntries(Array.from(keys, ([tag, text]) => [tagWithComma(tag), text]));
  const changed = await outgoingFind(given, aet);
  return new Map(Object.entries(changed).map(([name, text]): [Tag, string] => [knownTag(name), text]));
}

function knownTag(name: string): Tag {
  const tag = parseTag(name);
  if (tag === undefined) throw new ServerError("UnknownDicomTag", `OutgoingFindRequestFilter returns "${name}"`);
  return tag;
}
