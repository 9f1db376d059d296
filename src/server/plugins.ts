import { readFile } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { configurationSection } from "../config/load.ts";
import type { Configuration } from "../config/options.ts";
import type { HttpClient } from "../http/client.ts";
import type { Route } from "../http/route.ts";
import type { Plugin, PluginServer, RunningPlugin } from "../plugin-api.ts";
import { builtinPlugins } from "../plugins/builtin.ts";
import type { DicomWebServers } from "../remotes/dicomweb-servers.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";

export interface PluginParts {
  readonly configuration: Configuration;
  /** Folder that relative paths start from. */
  readonly folder: string;
  /** Absolute paths of modules that the configuration names. */
  readonly modules: readonly string[];
  readonly http: HttpClient;
  readonly dicomWebServers: DicomWebServers;
  readonly log: Log;
}

/** The plugins of a running server. */
export interface RunningPlugins {
  readonly plugins: readonly Plugin[];
  readonly routes: readonly Route[];
  close(): Promise<void>;
}

/** Starts the built-in plugins, then those of the configuration, in this order. One that fails stops the start. */
export async function startPlugins(parts: PluginParts): Promise<RunningPlugins> {
  const plugins = [...builtinPlugins, ...(await Promise.all(parts.modules.map(loadPlugin)))];
  const running: RunningPlugin[] = [];
  const close = async (): Promise<void> => {
    for (const plugin of running.toReversed()) await plugin.close?.();
  };
  for (const plugin of plugins) {
    try {
      running.push(await plugin.start(pluginServer(parts)));
    } catch (cause) {
      await close();
      throw new ServerError("Plugin", `the plugin "${plugin.id}" did not start: ${messageOf(cause)}`, { cause });
    }
  }
  return { plugins, routes: running.flatMap(({ routes }) => routes ?? []), close };
}

function pluginServer({ configuration, folder, http, dicomWebServers, log }: PluginParts): PluginServer {
  return {
    log,
    section: (name) => configurationSection(configuration, name),
    resolvePath: (path) => (isAbsolute(path) ? path : resolve(folder, path)),
    readText: (path) => readText(resolve(folder, path)),
    http,
    registerDicomWebServer: (name, server) => dicomWebServers.put(name, server),
  };
}

async function loadPlugin(path: string): Promise<Plugin> {
  const module: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new ServerError("SharedLibrary", `the plugin ${path} cannot be loaded: ${messageOf(cause)}`, { cause });
  });
  const plugin = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (!isPlugin(plugin)) {
    throw new ServerError(
      "SharedLibrary",
      `${path} is no plugin: its default export needs id, version, description and start`,
    );
  }
  return plugin;
}

function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== "object" || value === null) return false;
  const { id, version, description, start }: Partial<Plugin> = value;
  return (
    typeof id === "string" &&
    typeof version === "string" &&
    typeof description === "string" &&
    typeof start === "function"
  );
}

/** Reads a small text file; InexistentFile naming it. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new ServerError("InexistentFile", `${path} cannot be read: ${messageOf(cause)}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
