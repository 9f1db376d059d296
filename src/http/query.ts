import { ServerError } from "../util/errors.ts";

/** Whether an argument such as `?expand` is there at all: any value, even `false`, counts. */
export function flag(query: URLSearchParams, name: string): boolean {
  return query.has(name);
}

/** `true`, `1` and an empty value; `false` and `0`; `fallback` when absent; else ParameterOutOfRange. */
export function booleanArgument(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const value = lastValue(query, name);
  switch (value) {
    case undefined:
      return fallback;
    case "":
    case "1":
    case "true":
      return true;
    case "0":
    case "false":
      return false;
    default:
      throw new ServerError("ParameterOutOfRange", `The argument "${name}" must be true or false, but is "${value}"`);
  }
}

/** A 32-bit unsigned number; 1 when empty, as in Orthanc; undefined when absent; else BadParameterType. */
export function unsignedArgument(query: URLSearchParams, name: string): number | undefined {
  const value = lastValue(query, name);
  if (value === undefined) return undefined;
  if (value === "") return 1;
  const number = Number(value);
  if (/^[0-9]+$/.test(value) && number < 2 ** 32) return number;
  throw new ServerError(
    "BadParameterType",
    `The argument "${name}" must be a number from 0 to 4294967295, but is "${value}"`,
  );
}

/** The last value of a repeated argument, which is the one that Orthanc takes. */
export function lastValue(query: URLSearchParams, name: string): string | undefined {
  return query.getAll(name).at(-1);
}
