import {
  json,
  systemClock,
  type Clock,
  type Plugin,
  type PluginServer,
  type Route,
  type RunningPlugin,
} from "../../plugin-api.ts";
import { readProgress } from "./progress.ts";
import { type HousekeepingParts, keepHouse, pause } from "./run.ts";
import { isEnabled, readSettings } from "./settings.ts";

/** Puts stored studies in order after the configuration was changed. `clock` is for tests. */
export function housekeeperPlugin(clock: Clock = systemClock): Plugin {
  return {
    id: "housekeeper",
    version: "1.0.0",
    description: "Stores and indexes studies anew, in the background, when the configuration was changed",
    isEnabled,
    start: (server) => Promise.resolve(start(server, clock)),
  };
}

export default housekeeperPlugin();

/** Milliseconds that the server has to start. */
const startDelay = 2000;
/** Milliseconds after which what failed is tried again. */
const retryDelay = 60_000;

function start(server: PluginServer, clock: Clock): RunningPlugin {
  const store = server.keyValues("housekeeper");
  const stopping = new AbortController();
  const running = keepTrying({ server, store, settings: readSettings(server), clock }, stopping.signal);
  return {
    routes: ["/plugins/housekeeper/status", "/housekeeper/status"].map((path): Route => ({
      method: "GET",
      path,
      tag: "Housekeeper",
      summary: "How far the housekeeper is",
      handle: async () => json(await readProgress(store)),
    })),
    async close() {
      stopping.abort();
      await running;
    },
  };
}

async function keepTrying(parts: HousekeepingParts, stop: AbortSignal): Promise<void> {
  for (let delay = startDelay; ; delay = retryDelay) {
    await pause(parts.clock, delay, stop);
    if (stop.aborted) return;
    try {
      await keepHouse(parts, stop);
      return;
    } catch (error) {
      parts.server.log.error("housekeeper: it failed, and tries again in a minute", { error });
    }
  }
}
