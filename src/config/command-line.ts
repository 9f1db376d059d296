import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { ServerError } from "../util/errors.ts";
import { logCategories, type LogCategory, type Verbosity } from "../util/log.ts";
import { commandLineOptions } from "./command-line-options.ts";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" | "version" | "errors" }
  | { readonly kind: "write-configuration"; readonly file: string; readonly advanced: boolean }
  | ApiCommand
  | RunCommand;

/** Write what the server with these configurations answers. */
export interface ApiCommand {
  readonly kind: "write-api";
  readonly form: "openapi" | "cheatsheet";
  readonly file: string;
  readonly paths: readonly string[];
}

export interface RunCommand {
  readonly kind: "run";
  /** Configuration files and folders. */
  readonly paths: readonly string[];
  readonly verbosity: Readonly<Partial<Record<LogCategory, Verbosity>>>;
  readonly logFile?: string;
  readonly logDirectory?: string;
  /** Whether lines of the log have their category. */
  readonly logsContext: boolean;
  /** Leave the saved jobs of the last run alone. */
  readonly noJobs: boolean;
}

/** What the arguments (without the program's name) ask for; ParameterOutOfRange for options that do not exist or lack a value. */
export function parseCommandLine(argumentList: readonly string[]): Command {
  const { values, positionals, tokens } = parsed(argumentList);
  for (const kind of ["help", "version", "errors"] as const) if (values[kind] === true) return { kind };
  for (const name of ["config", "advanced-config"] as const) {
    const file = values[name];
    if (typeof file === "string") return { kind: "write-configuration", file, advanced: name === "advanced-config" };
  }
  for (const form of ["openapi", "cheatsheet"] as const) {
    const file = values[form];
    if (typeof file === "string") return { kind: "write-api", form, file, paths: positionals };
  }
  return {
    kind: "run",
    paths: positionals,
    verbosity: verbosityOf(tokens.flatMap((token) => (token.kind === "option" ? [token.name] : []))),
    noJobs: values["no-jobs"] === true,
    logsContext: values["logs-no-context"] !== true,
    ...(typeof values["logfile"] === "string" && { logFile: values["logfile"] }),
    ...(typeof values["logdir"] === "string" && { logDirectory: values["logdir"] }),
  };
}

function parsed(argumentList: readonly string[]) {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(commandLineOptions).map(([name, { type }]) => [name, { type }]),
  );
  try {
    return parseArgs({ args: [...argumentList], options, allowPositionals: true, tokens: true });
  } catch (cause) {
    const [sentence] = String(cause instanceof Error ? cause.message : cause).split(". ");
    throw new ServerError("ParameterOutOfRange", `${sentence}; see --help`, { cause });
  }
}

/** From left to right: `--verbose` sets all categories, `--trace-http` one of them. */
function verbosityOf(names: readonly string[]): Partial<Record<LogCategory, Verbosity>> {
  const pairs = names.flatMap((name) => {
    const [verbosity, ...rest] = name.split("-");
    if (verbosity !== "verbose" && verbosity !== "trace") return [];
    return logCategories
      .filter((category) => rest.length === 0 || category === rest.join("-"))
      .map((category) => [category, verbosity] as const);
  });
  return Object.fromEntries(pairs);
}
