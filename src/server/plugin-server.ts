import { isAbsolute, resolve } from "node:path";
import type { Archive, ArchiveEvent } from "../archive/archive.ts";
import type { IngestFilter } from "../archive/ingest.ts";
import type { Catalog, KeyValue } from "../catalog/catalog.ts";
import { configurationSection } from "../config/load.ts";
import type { Configuration } from "../config/options.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import { parseDicom } from "../dicom/parse.ts";
import type { HttpClient } from "../http/client.ts";
import type { LocalClient } from "../http/local-client.ts";
import type { KeyValues, PluginServer, WorklistSearch } from "../plugin-api.ts";
import type { DicomWebServers } from "../remotes/dicomweb-servers.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { readText } from "./read-text.ts";

/** The parts of the server that plugins reach. */
export interface PluginServerParts {
  readonly configuration: Configuration;
  /** Folder that relative paths start from. */
  readonly folder: string;
  readonly http: HttpClient;
  readonly dicomWebServers: DicomWebServers;
  readonly archive: Pick<Archive, "subscribe">;
  /** The filters that the archive asks; those of plugins are added. */
  readonly ingestFilters: IngestFilter[];
  readonly catalog: Pick<Catalog, "keyValue" | "setKeyValue" | "deleteKeyValue" | "keyValues">;
  /** `DefaultEncoding` at the moment. */
  readonly defaultCharset: () => SpecificCharacterSet;
  readonly log: Log;
}

/** What plugins and server tell each other while they start. */
export interface PluginHost {
  /** The same for all plugins. */
  readonly server: PluginServer;
  /** What answers worklist queries; undefined when no plugin does. */
  readonly worklists: () => WorklistSearch | undefined;
  /** Lets plugins ask the REST API from now on. */
  readonly connect: (client: LocalClient) => void;
}

/** Makes what plugins see of the server. */
export function createPluginHost(parts: PluginServerParts): PluginHost {
  const { configuration, folder, http, dicomWebServers, archive, ingestFilters, catalog, log } = parts;
  let worklists: WorklistSearch | undefined;
  let client: LocalClient | undefined;
  // Those that subscribe while they start hear nothing yet: they could not ask for anything in return.
  const waiting: Listener[] = [];
  const subscribe = (listener: Listener) => void archive.subscribe((event) => void heard(listener, event, log));
  const server: PluginServer = {
    log,
    section: (name) => configurationSection(configuration, name),
    resolvePath: (path) => (isAbsolute(path) ? path : resolve(folder, path)),
    readText: (path) => readText(resolve(folder, path)),
    http,
    registerDicomWebServer: (name, definition) => dicomWebServers.put(name, definition),
    registerWorklists(search) {
      if (worklists !== undefined) {
        throw new ServerError("BadSequenceOfCalls", "another plugin answers worklist queries already");
      }
      worklists = search;
    },
    registerIngestFilter: (filter) => void ingestFilters.push(filter),
    subscribe: (listener) => (client === undefined ? void waiting.push(listener) : subscribe(listener)),
    async ask(...request) {
      if (client === undefined) throw new ServerError("BadSequenceOfCalls", "the REST API is not ready during `start`");
      return client(...request);
    },
    keyValues: (store) => keyValues(catalog, store),
    parseDicom: (file) =>
      parseDicom(Buffer.from(file.buffer, file.byteOffset, file.byteLength), {
        defaultCharset: parts.defaultCharset(),
      }),
  };
  return {
    server,
    worklists: () => worklists,
    connect(connected) {
      client = connected;
      waiting.splice(0).forEach(subscribe);
    },
  };
}

type Listener = Parameters<PluginServer["subscribe"]>[0];

async function heard(listener: Listener, event: ArchiveEvent, log: Log): Promise<void> {
  try {
    await listener(event);
  } catch (error) {
    log.error(`a plugin failed at the event ${event.type}`, { error });
  }
}

/** Keys that are read at a time. */
const pageSize = 100;

function keyValues(catalog: PluginServerParts["catalog"], store: string): KeyValues {
  return {
    get: (key) => catalog.keyValue(store, key),
    set: (key, value) => catalog.setKeyValue(store, key, value),
    delete: (key) => catalog.deleteKeyValue(store, key),
    async *list(): AsyncGenerator<KeyValue, void, void> {
      let page: readonly KeyValue[] = [];
      do {
        page = await catalog.keyValues(store, page.at(-1)?.key, pageSize);
        yield* page;
      } while (page.length === pageSize);
    },
  };
}
