import { mkdirSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { redactedFields, redactedText } from "./log-redaction.ts";
import { logLine, type LogLevel } from "./log-text.ts";
import { logCategories, type Log, type LogCategory, type Logs, type Verbosity } from "./log.ts";

export type Verbosities = Readonly<Record<LogCategory, Verbosity>>;

export interface LogsOptions {
  /** What each category prints; `default` for those that are left out. */
  readonly verbosity?: Partial<Verbosities>;
  /** Lines for people, or one JSON object per line. */
  readonly format?: "text" | "json";
  /** Whether lines for people have their category; true when absent. */
  readonly context?: boolean;
  /** Path of a file; standard error when absent. */
  readonly file?: string;
}

/** Orthanc's verbosities as the levels that they print. */
const printed: Readonly<Record<Verbosity, ReadonlySet<LogLevel>>> = {
  default: new Set(["error", "warn"]),
  verbose: new Set(["error", "warn", "info"]),
  trace: new Set(["error", "warn", "info", "trace"]),
};

type Write = (
  level: LogLevel,
  category: LogCategory,
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

/** The log of a running server. Every line goes out at once, so that a crash loses none; secrets are hidden as a last net. */
export function createLogs({ verbosity = {}, format = "text", context = true, file }: LogsOptions): Logs {
  const current = new Map<LogCategory, Verbosity>(
    logCategories.map((category) => [category, verbosity[category] ?? "default"]),
  );
  const destination = pino.destination({
    ...(file === undefined ? { fd: 2 } : { dest: file, mkdir: true }),
    sync: true,
  });
  // A full disk must not stop the server.
  destination.on("error", () => {});
  const write = format === "json" ? jsonWriter(destination) : textWriter(destination, context);
  const verbosityOf = (category: LogCategory) => current.get(category) ?? "default";
  const logger = (level: LogLevel, category: LogCategory) => (message: string, fields?: object) => {
    if (!printed[verbosityOf(category)].has(level)) return;
    write(level, category, redactedText(message), redactedFields(fields ?? {}));
  };
  const log = (category: LogCategory): Log => ({
    error: logger("error", category),
    warn: logger("warn", category),
    info: logger("info", category),
    trace: logger("trace", category),
  });
  return {
    category: log,
    verbosity: verbosityOf,
    setVerbosity(category, verbosity) {
      for (const each of category === "all" ? logCategories : [category]) current.set(each, verbosity);
    },
    async close() {
      destination.flushSync();
      if (file !== undefined) destination.end();
    },
  };
}

/** The file of `--logdir`: a new one for every start, as Orthanc names them. The folder is made where it is missing. */
export function logFileIn(folder: string, start: Date, processId: number): string {
  mkdirSync(folder, { recursive: true });
  const [date, time] = start.toISOString().replaceAll(/[-:]/g, "").split("T");
  return join(folder, `Greyhaven.log.${date}-${time?.slice(0, 6)}.${processId}`);
}

function textWriter(destination: { write(text: string): unknown }, context: boolean): Write {
  return (level, category, message, fields) => {
    destination.write(logLine(level, new Date(), context ? category : undefined, { message, fields }));
  };
}

function jsonWriter(destination: pino.DestinationStream): Write {
  const logger = pino(
    {
      level: "trace",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: "message",
      formatters: { level: (level) => ({ level }) },
    },
    destination,
  );
  return (level, category, message, fields) => {
    logger[level]({ category, ...fields }, message);
  };
}
