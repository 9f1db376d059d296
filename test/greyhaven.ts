import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfiguration } from "../src/config/load.ts";
import { startServer } from "../src/server.ts";
import { type Log, logCategories, type LogCategory, type Logs, type Verbosity } from "../src/util/log.ts";

/** A whole server in this process, on a port that the system chose. */
export interface TestServer {
  readonly url: string;
  readonly dicomPort: number;
  readonly folder: string;
  /** Everything that was logged, at all levels. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  /** Kept when the server closes, so that another can be started on it; a temporary one is made and removed otherwise. */
  readonly folder?: string;
  /** Written beside the configuration before the start. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Starts a server with a configuration as a user writes it. */
export async function startTestServer(
  configuration: object = {},
  options: TestServerOptions = {},
): Promise<TestServer> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "greyhaven-test-")));
  for (const [name, text] of Object.entries(options.files ?? {})) await writeFile(join(folder, name), text);
  const file = join(folder, "config.json");
  const settings = { HttpPort: 0, DicomPort: 0, StorageDirectory: "storage", ...configuration };
  await writeFile(file, JSON.stringify(settings));
  const loaded = await loadConfiguration([file], {});
  const logged: string[] = [];
  const server = await startServer({
    configuration: loaded.configuration,
    configurationFolder: loaded.folder,
    logs: recordingLogs(logged),
    pluginModules: loaded.pluginModules,
    noJobs: false,
  });
  return {
    url: `http://localhost:${server.httpPort}`,
    dicomPort: server.dicomPort,
    folder,
    logged,
    close: async () => {
      await server.close();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

function recordingLogs(lines: string[]): Logs {
  const record = (message: string, fields?: object): void => {
    lines.push(fields === undefined ? message : `${message} ${JSON.stringify(fields)}`);
  };
  const log: Log = { error: record, warn: record, info: record, trace: record };
  const verbosities = new Map<LogCategory, Verbosity>();
  return {
    category: () => log,
    verbosity: (category) => verbosities.get(category) ?? "default",
    setVerbosity(category, verbosity) {
      for (const name of category === "all" ? logCategories : [category]) verbosities.set(name, verbosity);
    },
    close: () => Promise.resolve(),
  };
}
