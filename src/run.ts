import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };
import { errorList, usage } from "./config/command-line-texts.ts";
import { parseCommandLine, type ApiCommand, type Command, type RunCommand } from "./config/command-line.ts";
import { loadConfiguration, type LoadedConfiguration } from "./config/load.ts";
import { sampleConfiguration } from "./config/sample-configuration.ts";
import { cheatSheet } from "./rest/cheat-sheet.ts";
import { openApi } from "./rest/openapi.ts";
import type { startServer } from "./server.ts";
import { compileModules } from "./runtime.ts";
import { ServerError } from "./util/errors.ts";
import { createLogs, logFileIn } from "./util/log-pino.ts";
import type { Log, Logs } from "./util/log.ts";

/** Orthanc's -1, as a shell sees it. */
const failure = 255;

interface Running {
  readonly server: Awaited<ReturnType<typeof startServer>>;
  readonly logs: Logs;
}

/** Does what the command line asks for and resolves with the exit code. */
export async function run(argumentList: readonly string[]): Promise<number> {
  try {
    return await obey(parseCommandLine(argumentList));
  } catch (error) {
    report(createLogs({}).category("generic"), error);
    return failure;
  }
}

async function obey(command: Command): Promise<number> {
  switch (command.kind) {
    case "run":
      return serve(command);
    case "help":
      return print(usage);
    case "version":
      return print(`greyhaven ${packageJson.version} (Node.js ${process.versions.node})\n`);
    case "errors":
      return print(errorList());
    case "write-configuration":
      return write(command.file, sampleConfiguration(command.advanced));
    case "write-api":
      return write(command.file, await apiText(command));
    default:
      return command satisfies never;
  }
}

async function write(file: string, text: string): Promise<number> {
  if (file === "-") return print(text);
  await writeFile(file, text).catch((cause: unknown) => {
    throw new ServerError("CannotWriteFile", `${file}: nothing can be written here`, { cause });
  });
  return 0;
}

/** What a server with these configurations answers: one is started that nobody can reach, on an empty folder. */
async function apiText({ form, paths }: ApiCommand): Promise<string> {
  const { configuration, folder, pluginModules } = await loadConfiguration(paths);
  const storage = await mkdtemp(join(tmpdir(), "greyhaven-api-"));
  const logs = createLogs({});
  try {
    const { startServer } = await import("./server.ts");
    const unreachable = { HttpServerEnabled: false, DicomServerEnabled: false, LuaScripts: [] };
    const server = await startServer({
      configuration: { ...configuration, ...unreachable, StorageDirectory: storage, IndexDirectory: storage },
      configurationFolder: folder,
      logs,
      pluginModules,
      noJobs: true,
    });
    const { routes } = server;
    await server.close();
    if (form === "cheatsheet") return cheatSheet(routes);
    return `${JSON.stringify(openApi(routes, { title: configuration.Name, version: packageJson.version }), undefined, 2)}\n`;
  } finally {
    await logs.close();
    await rm(storage, { recursive: true });
  }
}

function print(text: string): Promise<number> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve(0)));
}

/** Runs the server until a signal stops it. */
async function serve(command: RunCommand): Promise<number> {
  const logFile =
    command.logDirectory === undefined ? command.logFile : logFileIn(command.logDirectory, new Date(), process.pid);
  const started = { ...command, ...(logFile !== undefined && { logFile }) };
  try {
    await compileModules(
      () => import("./server.ts"),
      () => Promise.all([import("./server/writer-worker.ts"), import("./catalog/sqlite/reader-worker.ts")]),
    );
    let running = await start(started, await loadConfiguration(command.paths));
    for await (const signal of signals()) {
      if (signal !== "SIGHUP") break;
      running = await reload(started, running);
    }
    await stop(running);
    return 0;
  } catch (error) {
    const logs = createLogs(logFile === undefined ? {} : { file: logFile });
    report(logs.category("generic"), error);
    await logs.close();
    return failure;
  }
}

async function start(command: RunCommand, loaded: LoadedConfiguration): Promise<Running> {
  const { configuration, folder, pluginModules } = loaded;
  const logs = createLogs({
    verbosity: command.verbosity,
    format: configuration.LogFormat,
    context: command.logsContext,
    ...(command.logFile !== undefined && { file: command.logFile }),
  });
  const log = logs.category("generic");
  for (const file of loaded.files) log.info(`Configuration read from ${file}`);
  for (const text of loaded.informations) log.info(text);
  for (const text of loaded.warnings) log.warn(text);
  // Not loaded for --help and the like, which answer at once.
  const { startServer } = await import("./server.ts");
  const server = await startServer({
    configuration,
    configurationFolder: folder,
    logs,
    pluginModules,
    noJobs: command.noJobs,
  });
  return { server, logs };
}

async function stop({ server, logs }: Running): Promise<void> {
  await server.close();
  await logs.close();
}

/** Starts anew with the configuration as it is now; one that is not fit leaves the server running as it was. */
async function reload(command: RunCommand, running: Running): Promise<Running> {
  const log = running.logs.category("generic");
  const loaded = await loadConfiguration(command.paths).catch((error: unknown) => report(log, error));
  if (loaded === undefined) {
    log.error("The configuration that was read again is not fit: running on with the former one");
    return running;
  }
  log.warn("The configuration has been read again, starting anew");
  await stop(running);
  return start(command, loaded);
}

/** The signals that stop or reload the server, as they come. Once it is left, a further signal ends the process at once. */
async function* signals(): AsyncGenerator<NodeJS.Signals, never> {
  const arrived: NodeJS.Signals[] = [];
  let wake: (() => void) | undefined;
  const hear = (signal: NodeJS.Signals) => {
    arrived.push(signal);
    wake?.();
  };
  const names = ["SIGTERM", "SIGINT", "SIGHUP"] as const;
  for (const name of names) process.on(name, hear);
  try {
    for (;;) {
      const signal = arrived.shift();
      if (signal !== undefined) yield signal;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    for (const name of names) process.off(name, hear);
  }
}

/** One line per problem; the stack of what nobody expected. */
function report(log: Log, error: unknown): undefined {
  if (!(error instanceof ServerError)) {
    log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return;
  }
  const { text, code } = error.row;
  for (const line of (error.details ?? "").split("\n")) log.error(`${text} (code ${code}): ${line}`);
}
