import type { PluginServer } from "../src/plugin-api.ts";
import { noLog } from "../src/util/log.ts";

/** What a plugin gets in a unit test: the parts that are given; whatever else it reaches for fails the test. */
export function pluginServerForTest(parts: Partial<PluginServer>): PluginServer {
  return {
    log: noLog,
    section: () => undefined,
    resolvePath: (path) => path,
    readText: unused,
    http: { request: unused, close: unused },
    registerDicomWebServer: unused,
    registerWorklists: unused,
    registerIngestFilter: unused,
    subscribe: unused,
    ask: unused,
    keyValues: unused,
    parseDicom: unused,
    ...parts,
  };
}

function unused(): never {
  throw new Error("the test gave the plugin no such part of the server");
}
