import { errorRow, errorTable, type ErrorName } from "../util/errors.ts";
import { commandLineOptions, type Argument } from "./command-line-options.ts";

/** The help text. */
export const usage = [
  "Usage: greyhaven [OPTION]... [CONFIGURATION]...",
  "Greyhaven, a lightweight, RESTful DICOM server with a harbour to the cloud.",
  "",
  "A CONFIGURATION is a JSON file, or a folder whose *.json files are all read. Without",
  "one the defaults are used. Options are read from left to right.",
  "",
  "Options:",
  ...Object.entries(commandLineOptions).map(([name, argument]) => helpLine(name, argument)),
  "",
  "Signals: SIGTERM and SIGINT stop the server when its work is done, a second one at once;",
  "SIGHUP reads the configuration again and starts anew with it.",
  "Exit status: 0 if all went well, 255 after an error.",
  "",
].join("\n");

function helpLine(name: string, { type, text }: Argument): string {
  return `  ${`--${name}${type === "string" ? "=PATH" : ""}`.padEnd(24)} ${text}`;
}

/** The table of errors: code, HTTP status, name and text. */
export function errorList(): string {
  const names = Object.keys(errorTable).filter((name): name is ErrorName => name in errorTable);
  const lines = names.map((name) => {
    const { code, http, text } = errorRow(name);
    return `${String(code).padStart(6)}  ${String(http).padStart(4)}  ${name.padEnd(30)} ${text}`;
  });
  return ["  Code  HTTP  Name                           Text", ...lines, ""].join("\n");
}
