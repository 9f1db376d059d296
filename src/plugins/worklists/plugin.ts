import { systemClock, type Clock, type Plugin, type PluginServer, type RunningPlugin } from "../../plugin-api.ts";
import { databaseStore } from "./database-store.ts";
import { openFolderStore } from "./folder-store.ts";
import { startHousekeeper } from "./housekeeper.ts";
import { worklistRoutes } from "./routes.ts";
import { worklistSearch } from "./search.ts";
import { isEnabled, readSettings } from "./settings.ts";

/** The modality worklist server: worklists in a folder or in the catalog, with a REST API. `clock` is for tests. */
export function worklistsPlugin(clock: Clock = systemClock): Plugin {
  return {
    id: "worklists",
    version: "1.0.0",
    description: "Serves DICOM modality worklists",
    isEnabled,
    start: (server) => start(server, clock),
  };
}

export default worklistsPlugin();

async function start(server: PluginServer, clock: Clock): Promise<RunningPlugin> {
  const { ask, log } = server;
  const settings = readSettings(server);
  const store =
    settings.folder === undefined
      ? databaseStore(server, clock)
      : await openFolderStore(settings.folder, server, clock);
  server.registerWorklists(worklistSearch(store, settings, log));
  const housekeeper = startHousekeeper({ store, settings, ask, clock, log });
  return {
    routes: worklistRoutes({ store, setStudyInstanceUid: settings.setStudyInstanceUidIfMissing }),
    close: () => housekeeper.close(),
  };
}
