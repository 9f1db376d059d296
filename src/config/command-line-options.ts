import { logCategories } from "../util/log.ts";

/** One option of the command line. */
export interface Argument {
  readonly type: "boolean" | "string";
  readonly text: string;
}

const general: Readonly<Record<string, Argument>> = {
  config: {
    type: "string",
    text: 'write the main options with their defaults to a file ("-": standard output) and exit',
  },
  "advanced-config": { type: "string", text: "the same with all options" },
  openapi: {
    type: "string",
    text: 'write the description of the REST API (OpenAPI) to a file ("-": standard output) and exit',
  },
  cheatsheet: { type: "string", text: "the same as a table of paths (CSV)" },
  logfile: { type: "string", text: "write the log to a file instead of standard error" },
  logdir: { type: "string", text: "write the log to a new file of this folder" },
  verbose: { type: "boolean", text: "print information, too" },
  trace: { type: "boolean", text: "print everything" },
  "logs-no-context": { type: "boolean", text: "leave the category out of the lines of the log" },
  "logs-no-thread": { type: "boolean", text: "accepted as Orthanc's; no line has a thread" },
  "logs-thread-names-in-context": { type: "boolean", text: "accepted as Orthanc's; no line has a thread" },
  "no-jobs": { type: "boolean", text: "do not resume the jobs of the last run" },
  upgrade: { type: "boolean", text: "accepted as Orthanc's; a database is always brought up to date" },
  errors: { type: "boolean", text: "print the error codes and exit" },
  version: { type: "boolean", text: "print the version and exit" },
  help: { type: "boolean", text: "print this help and exit" },
};

const forCategories = Object.fromEntries(
  logCategories.flatMap((category): [string, Argument][] => [
    [`verbose-${category}`, { type: "boolean", text: `print information about "${category}"` }],
    [`trace-${category}`, { type: "boolean", text: `print everything about "${category}"` }],
  ]),
);

/** Every option of the command line, by name. */
export const commandLineOptions: Readonly<Record<string, Argument>> = { ...general, ...forCategories };
