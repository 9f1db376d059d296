import { createLocalClient } from "../http/local-client.ts";
import type { Route } from "../http/route.ts";
import type { Plugin, RunningPlugin, WorklistSearch } from "../plugin-api.ts";
import { builtinPlugins } from "../plugins/builtin.ts";
import { ServerError } from "../util/errors.ts";
import { loadPlugins, messageOf } from "./load-plugin.ts";
import { createPluginHost, type PluginServerParts } from "./plugin-server.ts";

export interface PluginParts extends PluginServerParts {
  /** Absolute paths of modules that the configuration names. */
  readonly modules: readonly string[];
}

/** The plugins of a running server. */
export interface RunningPlugins {
  readonly plugins: readonly Plugin[];
  readonly routes: readonly Route[];
  /** What answers worklist queries; undefined when no plugin does. */
  readonly worklists: WorklistSearch | undefined;
  /** Gives the plugins the routes of the whole server to ask. */
  connect(routes: readonly Route[]): void;
  close(): Promise<void>;
}

/**
 * Starts the built-in plugins, then those of the configuration, in this order, without those that are not enabled. One that fails
 * stops the start.
 */
export async function startPlugins(parts: PluginParts): Promise<RunningPlugins> {
  const host = createPluginHost(parts);
  const known = [...builtinPlugins, ...(await loadPlugins(parts.modules))];
  const plugins = known.filter((plugin) => plugin.isEnabled?.(host.server) ?? true);
  const running: RunningPlugin[] = [];
  const close = async (): Promise<void> => {
    for (const plugin of running.toReversed()) await plugin.close?.();
  };
  for (const plugin of plugins) {
    try {
      running.push(await plugin.start(host.server));
    } catch (cause) {
      await close();
      throw new ServerError("Plugin", `the plugin "${plugin.id}" did not start: ${messageOf(cause)}`, { cause });
    }
  }
  return {
    plugins,
    routes: running.flatMap(({ routes }) => routes ?? []),
    worklists: host.worklists(),
    connect: (routes) => host.connect(createLocalClient(routes)),
    close,
  };
}
