import { resolve } from "node:path";
import { findingAt, type Reading } from "./findings.ts";
import type { Located } from "./located.ts";
import type { Option } from "./option.ts";
import { isSecret } from "./secrets.ts";

/** The value of one option in its final form, paths made absolute; the default and an error when it is not as expected. */
export function readOption(option: Option<unknown>, located: Located, path: readonly string[]): Reading<unknown> {
  const { schema, expected } = option.type;
  const results = readings(located).map((value) => schema.safeParse(value));
  const accepted = results.find((result) => result.success);
  if (accepted !== undefined) return { value: absolute(option, accepted.data, located.place.folder), findings: [] };
  const within = results[0]?.error?.issues[0]?.path.map(String) ?? [];
  const text = `expected ${expected}, found ${shown(valueAt(located.value, within), path)}${under(within)}`;
  return { value: option.default, findings: [findingAt("error", located.place, path, text)] };
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((outer, key) => Object.entries(outer ?? {}).find(([name]) => name === key)?.[1], value);
}

const under = (path: readonly string[]) => (path.length === 0 ? "" : ` under "${path.join(".")}"`);

/** What a variable says may be JSON, plain text, or a quoted number: `ORTHANC__NAME=1234` names the server "1234". */
function readings({ value, variableText }: Located): readonly unknown[] {
  if (variableText === undefined) return [value];
  return typeof value === "string" ? [value, variableText, jsonOrText(value)] : [value, variableText];
}

/** The text as JSON where it is JSON, as it is where not. */
export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function absolute(option: Option<unknown>, value: unknown, folder: string): unknown {
  if (option.type.path === undefined) return value;
  if (typeof value === "string") return value === "" ? "" : resolve(folder, value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, path]) => [name, resolve(folder, String(path))]));
}

/** The value for a message: short, and without secrets. */
function shown(value: unknown, path: readonly string[]): string {
  if (isSecret(path)) return `${kindOf(value)} (not shown)`;
  const json = JSON.stringify(value) ?? "nothing";
  return json.length <= 60 ? json : `${json.slice(0, 57)}...`;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
