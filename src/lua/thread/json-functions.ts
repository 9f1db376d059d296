import type { LuaData } from "../protocol.ts";
import type { LuaFunction } from "./lua-state.ts";

/** `ParseJson(text)` and `DumpJson(value, keepStrings)`. */
export function jsonFunctions(): Readonly<Record<string, LuaFunction>> {
  return {
    ParseJson: (stack) => stack.push(parsed(stack.text(1))),
    DumpJson: (stack) => stack.push(dumpJson(stack.read(1, stack.boolean(2) ? "asTexts" : "asNumbers"))),
  };
}

/** Nil for what is not JSON. */
function parsed(text: string | undefined): LuaData {
  try {
    return JSON.parse(text ?? "") as LuaData;
  } catch {
    return undefined;
  }
}

/** JSON on one line as Orthanc gives it to scripts: keys sorted, ASCII only. */
export function dumpJson(value: LuaData): string {
  // oxlint-disable-next-line no-control-regex -- what is not ASCII
  return JSON.stringify(sorted(value) ?? null).replace(/[^\u0000-\u007e]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function sorted(value: LuaData): LuaData {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: LuaData) => sorted(item));
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
