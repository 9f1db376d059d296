import { LuaType, type LuaWasm } from "wasmoon";
import type { LuaData } from "../protocol.ts";

/** How numbers and texts that spell numbers are read: as they are, numbers as texts, or such texts as numbers. */
export type NumberReading = "exact" | "asTexts" | "asNumbers";

/** Tables within tables that are read: a sequence is two of them. More would be a table that holds itself. */
const maximumDepth = 256;

const statusOk = 0;

/** The stack of one Lua thread (Lua 5.4 manual §4.1): strings are bytes, which wasmoon's own functions take for texts without zeros. */
export class LuaStack {
  readonly #lua: LuaWasm;
  readonly #state: number;

  constructor(lua: LuaWasm, state: number) {
    this.#lua = lua;
    this.#state = state;
  }

  get size(): number {
    return this.#lua.lua_gettop(this.#state);
  }

  set size(size: number) {
    this.#lua.lua_settop(this.#state, size);
  }

  push(value: LuaData): void {
    const [lua, state] = [this.#lua, this.#state];
    if (value === undefined || value === null) lua.lua_pushnil(state);
    else if (typeof value === "boolean") lua.lua_pushboolean(state, value ? 1 : 0);
    else if (typeof value === "number") lua.lua_pushnumber(state, value);
    else if (typeof value === "string") this.#pushBytes(Buffer.from(value, "utf8"));
    else if (value instanceof Uint8Array) this.#pushBytes(value);
    else this.#pushTable(value);
  }

  pushInteger(value: number): void {
    this.#lua.lua_pushinteger(this.#state, BigInt(value));
  }

  #pushTable(table: readonly LuaData[] | { readonly [key: string]: LuaData }): void {
    const [lua, state] = [this.#lua, this.#state];
    lua.luaL_checkstack(state, 3, "too many tables within tables");
    if (Array.isArray(table)) {
      lua.lua_createtable(state, table.length, 0);
      for (const [at, item] of table.entries()) {
        this.push(item as LuaData);
        lua.lua_rawseti(state, -2, BigInt(at + 1));
      }
      return;
    }
    lua.lua_createtable(state, 0, 0);
    for (const [key, item] of Object.entries(table)) {
      this.push(key);
      this.push(item);
      lua.lua_rawset(state, -3);
    }
  }

  #pushBytes(bytes: Uint8Array): void {
    const { module } = this.#lua;
    const pointer = module._malloc(Math.max(bytes.length, 1));
    if (pointer === 0) throw new RangeError(`Lua has no memory left for ${bytes.length} bytes`);
    module.HEAPU8.set(bytes, pointer);
    this.#raw("lua_pushlstring", pointer, bytes.length);
    module._free(pointer);
  }

  /** The string (or number, as text) at a place; undefined when it is something else. */
  bytes(index: number): Buffer | undefined {
    const { module } = this.#lua;
    if (this.#lua.lua_isstring(this.#state, index) === 0) return undefined;
    const length = module._malloc(4);
    const pointer = this.#raw("lua_tolstring", index, length);
    const size = module.getValue(length, "i32");
    module._free(length);
    return Buffer.from(module.HEAPU8.slice(pointer, pointer + size));
  }

  /** Functions whose result wasmoon would decode as a text: here it is a pointer. */
  #raw(name: "lua_pushlstring" | "lua_tolstring" | "luaL_tolstring", first: number, second: number): number {
    const types = ["number", "number", "number"] as const;
    return this.#lua.module.ccall(name, "number", [...types], [this.#state, first, second]);
  }

  text(index: number): string | undefined {
    return this.bytes(index)?.toString("utf8");
  }

  type(index: number): LuaType {
    return this.#lua.lua_type(this.#state, index);
  }

  isNil(index: number): boolean {
    return this.type(index) <= LuaType.Nil;
  }

  boolean(index: number): boolean {
    return this.#lua.lua_toboolean(this.#state, index) !== 0;
  }

  number(index: number): number {
    return this.#lua.lua_tonumberx(this.#state, index, null);
  }

  /** A value as JSON has it: tables whose keys are 1, 2, … are arrays, functions and the like are null. Throws `RangeError` for a table in itself. */
  read(index: number, numbers: NumberReading = "exact", depth = 0): LuaData {
    const type = this.type(index);
    if (type === LuaType.Boolean) return this.boolean(index);
    if (type === LuaType.Number) return numbers === "asTexts" ? this.#copiedText(index) : this.number(index);
    if (type === LuaType.String) return this.#readText(index, numbers);
    if (type === LuaType.Table) return this.#readTable(this.#lua.lua_absindex(this.#state, index), numbers, depth);
    return null;
  }

  #readText(index: number, numbers: NumberReading): LuaData {
    const spellsNumber = numbers === "asNumbers" && this.#lua.lua_isnumber(this.#state, index) !== 0;
    return spellsNumber ? this.number(index) : this.text(index);
  }

  #readTable(index: number, numbers: NumberReading, depth: number): LuaData {
    const [lua, state] = [this.#lua, this.#state];
    if (depth === maximumDepth) throw new RangeError(`more than ${maximumDepth} tables within tables`);
    lua.luaL_checkstack(state, 4, "too many tables within tables");
    const entries: [string, LuaData][] = [];
    let isList = true;
    let count = 0;
    lua.lua_pushnil(state);
    while (lua.lua_next(state, index) !== 0) {
      count += 1;
      isList &&= lua.lua_isinteger(state, -2) !== 0;
      entries.push([this.#copiedText(-2), this.read(-1, numbers, depth + 1)]);
      lua.lua_settop(state, -2);
    }
    isList &&= entries.every(([key]) => Number(key) >= 1 && Number(key) <= count);
    if (!isList) return Object.fromEntries(entries);
    const items: LuaData[] = [];
    for (const [key, item] of entries) items[Number(key) - 1] = item;
    return items;
  }

  /** `lua_tolstring` would turn a number where it stands into a text, which a traversal by `lua_next` does not bear. */
  #copiedText(index: number): string {
    this.#lua.lua_pushvalue(this.#state, index);
    const text = this.text(-1) ?? this.typeName(-1);
    this.#lua.lua_settop(this.#state, -2);
    return text;
  }

  /** As Lua's `tostring`. */
  toText(index: number): Buffer {
    this.#raw("luaL_tolstring", index, 0);
    const text = this.bytes(-1) ?? Buffer.alloc(0);
    this.#lua.lua_settop(this.#state, -2);
    return text;
  }

  typeName(index: number): string {
    return this.#lua.lua_typename(this.#state, this.type(index));
  }

  /** Pushes the global of this name; false when it is no function. */
  pushFunction(name: string): boolean {
    return this.#lua.lua_getglobal(this.#state, name) === LuaType.Function;
  }

  /** Compiles a script and pushes its function. Throws what is wrong with it. */
  load(script: string, name: string): void {
    const bytes = Buffer.from(script, "utf8");
    const { module } = this.#lua;
    const pointer = module._malloc(Math.max(bytes.length, 1));
    module.HEAPU8.set(bytes, pointer);
    const status: number = this.#lua.luaL_loadbufferx(this.#state, pointer, bytes.length, name, "t");
    module._free(pointer);
    if (status !== statusOk) throw this.#popError();
  }

  /** Calls the function that was pushed, with the arguments pushed after it; its first result is pushed. Throws what it raises. */
  call(argumentCount: number, resultCount = 1): void {
    const status = this.#lua.lua_pcallk(this.#state, argumentCount, resultCount, 0, 0, null);
    if (status !== statusOk) throw this.#popError();
  }

  #popError(): LuaError {
    const message = this.text(-1) ?? `an error that is no text but of type ${this.typeName(-1)}`;
    this.#lua.lua_settop(this.#state, -2);
    return new LuaError(message);
  }
}

/** What a script raised, or what is wrong with it: the message begins with `script:line:`. */
export class LuaError extends Error {
  override readonly name = "LuaError";
}
