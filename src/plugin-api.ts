/**
 * The whole contract between the server and a plugin. A plugin is a module whose default export is a `Plugin`;
 * it imports nothing of the server but this file (`greyhaven/plugin`).
 */
import type { HttpClient } from "./http/client.ts";
import type { Route } from "./http/route.ts";
import type { DicomWebServer } from "./remotes/dicomweb-servers.ts";
import type { Log } from "./util/log.ts";

export type { ClientRequest, ClientResponse, HttpClient, OutgoingBody } from "./http/client.ts";
export type { Credentials, OutgoingRequest } from "./http/credentials.ts";
export { NetworkError } from "./http/network-error.ts";
export type { NetworkLayer } from "./http/network-error.ts";
export { json } from "./http/reply.ts";
export type { HttpRequest, Method, Reply, Route } from "./http/route.ts";
export { staticFiles } from "./http/static.ts";
export type { DicomWebServer } from "./remotes/dicomweb-servers.ts";
export { ServerError } from "./util/errors.ts";
export type { ErrorName } from "./util/errors.ts";
export type { Log } from "./util/log.ts";

export interface Plugin {
  /** As `/plugins` lists it, e.g. `google-cloud-platform`. */
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Page of its own, relative to `/`. */
  readonly rootUri?: string;
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
  /** A section of the configuration, validated when the server knows it; undefined when absent. */
  section(name: string): unknown;
  /** Resolves a path relative to the configuration file. */
  resolvePath(path: string): string;
  /** Reads a small text file (a key, a certificate) given by a configuration path; throws `InexistentFile` naming it. */
  readText(path: string): Promise<string>;
  readonly http: HttpClient;
  /** Makes a DICOMweb server known under `name`; replaces the former one. */
  registerDicomWebServer(name: string, server: DicomWebServer): Promise<void>;
}
