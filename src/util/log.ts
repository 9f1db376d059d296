/** Orthanc's log categories (`--verbose-http`, `/tools/log-level-http`, …). */
export const logCategories = ["generic", "plugins", "http", "sqlite", "dicom", "jobs", "lua"] as const;
export type LogCategory = (typeof logCategories)[number];

/** Orthanc's verbosity: `default` prints errors and warnings, `verbose` adds information, `trace` everything. */
export type Verbosity = "default" | "verbose" | "trace";

/** One category's log. `fields` are structured values; secrets never go in. */
export interface Log {
  error(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  trace(message: string, fields?: object): void;
}

/** All categories of one running server. */
export interface Logs {
  category(category: LogCategory): Log;
  verbosity(category: LogCategory): Verbosity;
  setVerbosity(category: LogCategory | "all", verbosity: Verbosity): void;
  close(): Promise<void>;
}

const silent: Log = { error: () => {}, warn: () => {}, info: () => {}, trace: () => {} };

/** A log that prints nothing: for tests and embedding. */
export const noLog: Log = silent;
