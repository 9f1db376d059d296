/**
 * The whole contract between the server and a plugin. A plugin is a module whose default export is a `Plugin`;
 * it imports nothing of the server but this file (`greyhaven/plugin`).
 */
import type { ArchiveEvent } from "./archive/archive.ts";
import type { IngestFilter } from "./archive/ingest.ts";
import type { KeyValue } from "./catalog/catalog.ts";
import type { Dataset } from "./dicom/dataset.ts";
import type { ParsedDicom } from "./dicom/parse.ts";
import type { HttpClient } from "./http/client.ts";
import type { LocalClient } from "./http/local-client.ts";
import type { Route } from "./http/route.ts";
import type { DicomWebServer } from "./remotes/dicomweb-servers.ts";
import type { Log } from "./util/log.ts";

export type { ArchiveEvent, InstanceUids, Origin } from "./archive/archive.ts";
export { systemClock } from "./archive/clock.ts";
export type { Clock } from "./archive/clock.ts";
export type { IngestFilter } from "./archive/ingest.ts";
export type { KeyValue } from "./catalog/catalog.ts";
export { buildDataset } from "./dicom/build-dataset.ts";
export type { NewAttribute } from "./dicom/build-dataset.ts";
export { SpecificCharacterSet } from "./dicom/charset.ts";
export { Dataset } from "./dicom/dataset.ts";
export type { Element } from "./dicom/dataset.ts";
export { datasetFromJson } from "./dicom/from-orthanc-json.ts";
export { hashIdentifiers } from "./dicom/identifiers.ts";
export { toOrthancJson } from "./dicom/orthanc-json.ts";
export type { OrthancJsonFormat } from "./dicom/orthanc-json.ts";
export type { ParsedDicom } from "./dicom/parse.ts";
export type { Tag } from "./dicom/tag.ts";
export { generateUid } from "./dicom/uid.ts";
export { worklistMatcher } from "./dicom/worklist-match.ts";
export { writeDicom } from "./dicom/write.ts";
export { readJson } from "./http/body.ts";
export type { ClientRequest, ClientResponse, HttpClient, OutgoingBody } from "./http/client.ts";
export type { Credentials, OutgoingRequest } from "./http/credentials.ts";
export { NetworkError } from "./http/network-error.ts";
export type { NetworkLayer } from "./http/network-error.ts";
export type { LocalAnswer, LocalClient } from "./http/local-client.ts";
export { json } from "./http/reply.ts";
export type { HttpRequest, Method, Reply, Route, RouteParameter } from "./http/route.ts";
export { staticFiles } from "./http/static.ts";
export type { DicomWebServer } from "./remotes/dicomweb-servers.ts";
export { ServerError } from "./util/errors.ts";
export type { ErrorName } from "./util/errors.ts";
export type { Log } from "./util/log.ts";
export { parseUtcDate, utcDate } from "./util/utc-date.ts";

export interface Plugin {
  /** As `/plugins` lists it, e.g. `google-cloud-platform`. */
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Page of its own, relative to `/`. */
  readonly rootUri?: string;
  /** Whether the configuration wants the plugin: otherwise it is neither started nor listed. Absent: always. */
  isEnabled?(configuration: Pick<PluginServer, "section">): boolean;
  /** Called once, before the HTTP server listens; what it returns is called when the server stops. Throwing stops the start. */
  start(server: PluginServer): Promise<RunningPlugin>;
}

export interface RunningPlugin {
  readonly routes?: readonly Route[];
  close?(): Promise<void>;
}

/** What a plugin may use of the server. */
export interface PluginServer {
  readonly log: Log;
  /** A section or other option of the configuration, validated when the server knows it; undefined when absent. */
  section(name: string): unknown;
  /** Resolves a path relative to the configuration file. */
  resolvePath(path: string): string;
  /** Reads a small text file (a key, a certificate) given by a configuration path; throws `InexistentFile` naming it. */
  readText(path: string): Promise<string>;
  readonly http: HttpClient;
  /** Makes a DICOMweb server known under `name`; replaces the former one. */
  registerDicomWebServer(name: string, server: DicomWebServer): Promise<void>;
  /** Makes the DICOM server answer modality worklist queries. Throws `BadSequenceOfCalls` when another plugin does already. */
  registerWorklists(search: WorklistSearch): void;
  /** Has the filter asked before an instance is stored; one that throws makes the upload fail. */
  registerIngestFilter(filter: IngestFilter): void;
  /** Tells what happens in the archive, after the fact. Nobody waits for the listener; what it throws is logged. */
  subscribe(listener: (event: ArchiveEvent) => void | Promise<void>): void;
  /** Asks this server's own REST API: whatever it can do, a plugin can. Not during `start`: `BadSequenceOfCalls`. */
  readonly ask: LocalClient;
  /** Values that are kept in the catalog, under the name of a store. */
  keyValues(store: string): KeyValues;
  /** Reads a DICOM file; texts without a declared character set are in `DefaultEncoding`. Throws `BadFileFormat`. */
  parseDicom(file: Uint8Array): ParsedDicom;
}

/** A store of texts by key. */
export interface KeyValues {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  /** False when there is no such key. */
  delete(key: string): Promise<boolean>;
  /** In the order of the keys; what is set or deleted meanwhile may be seen or not. */
  list(): AsyncIterable<KeyValue>;
}

/** Who sent a DICOM request. */
export interface DicomCaller {
  readonly callingAet: string;
  readonly calledAet: string;
  readonly remoteIp: string;
}

/**
 * The answers to the identifier of a modality worklist C-FIND request (PS3.4 §K.4), each with its own character set. It returns
 * `"incomplete"` when there were more answers than it may give. A query that makes no sense throws a `ServerError`.
 */
export type WorklistSearch = (query: Dataset, caller: DicomCaller) => AsyncIterable<Dataset, "incomplete" | undefined>;
