import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import type { Plugin } from "../plugin-api.ts";
import { ServerError } from "../util/errors.ts";

const pluginApi = new URL("../plugin-api.ts", import.meta.url).href;

/** What `greyhaven/plugin` means, wherever a plugin lies: without this it would have to be installed beside it. */
const findPluginApi: Parameters<typeof registerHooks>[0] = {
  resolve: (specifier, context, next) =>
    specifier === "greyhaven/plugin" ? { url: pluginApi, shortCircuit: true } : next(specifier, context),
};

/** Loads plugins by the absolute paths of their modules. Throws `SharedLibrary` for what is none. */
export async function loadPlugins(paths: readonly string[]): Promise<readonly Plugin[]> {
  if (paths.length === 0) return [];
  // They stay: a plugin may load more of its modules later.
  registerHooks(findPluginApi);
  return Promise.all(paths.map(loadPlugin));
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

/** What is to be told of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
