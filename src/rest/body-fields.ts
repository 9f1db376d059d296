import { readJson } from "../http/body.ts";
import type { HttpRequest } from "../http/route.ts";
import { type ErrorName, ServerError } from "../util/errors.ts";

/** Reads the fields of a JSON object by type; a field of another type throws BadRequest naming it. */
export interface BodyReader {
  has(name: string): boolean;
  boolean(name: string, absent: boolean): boolean;
  string(name: string): string | undefined;
  /** Throws ParameterOutOfRange when negative. */
  unsigned(name: string): number | undefined;
  strings(name: string): readonly string[] | undefined;
  /** An object whose values are text. */
  textMap(name: string): Readonly<Record<string, string>> | undefined;
  array(name: string): readonly unknown[] | undefined;
  /** An object of any values. */
  object(name: string): Readonly<Record<string, unknown>> | undefined;
}

/** A reader of the JSON object that is the body of `request`; anything else throws BadRequest, as in Orthanc. */
export async function readFields(request: HttpRequest): Promise<BodyReader> {
  return readBodyFields(await readJsonBody(request));
}

async function readJsonBody(request: HttpRequest): Promise<unknown> {
  try {
    return await readJson(request);
  } catch (error) {
    if (!(error instanceof ServerError) || error.errorName !== "BadJson") throw error;
    throw new ServerError("BadRequest", error.details, { cause: error });
  }
}

/** A reader of `body`, which must be a JSON object. `wrong` is what it throws instead of BadRequest. */
export function readBodyFields(body: unknown, wrong: ErrorName = "BadRequest"): BodyReader {
  if (!isObject(body)) throw new ServerError(wrong, "The body must be a JSON object");
  const field = <T>(name: string, expected: string, accept: (value: unknown) => T | undefined): T | undefined => {
    const value = body[name];
    if (value === undefined) return undefined;
    const accepted = accept(value);
    if (accepted !== undefined) return accepted;
    throw new ServerError(wrong, `Field "${name}" must be ${expected}`);
  };
  const array = (name: string, expected = "an array") => field(name, expected, asArray);
  const object = (name: string, expected = "an object") => field(name, expected, asObject);
  return {
    has: (name) => body[name] !== undefined,
    boolean: (name, absent) => field(name, "a Boolean", asBoolean) ?? absent,
    string: (name) => field(name, "a string", asString),
    unsigned(name) {
      const value = field(name, "an integer", asInteger);
      if (value === undefined || value >= 0) return value;
      throw new ServerError("ParameterOutOfRange", `Field "${name}" must not be negative`);
    },
    strings: (name) => array(name, "an array of strings")?.map((item) => mustBeString(name, item, wrong)),
    textMap(name) {
      const map = object(name, "an object of strings");
      if (map === undefined) return undefined;
      return Object.fromEntries(
        Object.entries(map).map(([key, value]) => [key, mustBeString(`${name}.${key}`, value, wrong)]),
      );
    },
    array,
    object,
  };
}

/** Whether `value` is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function mustBeString(name: string, value: unknown, wrong: ErrorName): string {
  if (typeof value === "string") return value;
  throw new ServerError(wrong, `Field "${name}" must hold strings`);
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return isObject(value) ? value : undefined;
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function asInteger(value: unknown): number | undefined {
  return typeof value === "number" && Number.isInteger(value) ? value : undefined;
}

function asArray(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}
