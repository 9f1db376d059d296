import { LuaType } from "wasmoon";
import type { LuaStack } from "./lua-stack.ts";

/** The text at a place of the arguments. Throws, saying what is wanted. */
export function requiredText(stack: LuaStack, index: number, what: string): string {
  const text = stack.text(index);
  if (text === undefined) throw new Error(`argument ${index} must be ${what}, not ${stack.typeName(index)}`);
  return text;
}

/** A table of headers, or nothing. Throws for anything else. */
export function headersAt(stack: LuaStack, index: number): Record<string, string> {
  if (stack.isNil(index)) return {};
  const table = stack.type(index) === LuaType.Table ? stack.read(index, "asTexts") : undefined;
  if (typeof table !== "object" || table === null) {
    throw new Error(`argument ${index} must be a table of HTTP headers, not ${stack.typeName(index)}`);
  }
  const texts = Object.entries(table).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts);
}
