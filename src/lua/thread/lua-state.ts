import { LuaWasm } from "wasmoon";
import { LuaStack } from "./lua-stack.ts";

/** A function for scripts: reads its arguments from the stack, where the first stands at 1, and pushes its result, if any. */
export type LuaFunction = (stack: LuaStack) => void;

/** A Lua state (Lua 5.4) with its standard libraries, in WASM. */
export class LuaState {
  /** Of the coroutine that runs: the main one, or the one that has called a function of the server. */
  #running: LuaStack;
  readonly #lua: LuaWasm;
  readonly #state: number;

  private constructor(lua: LuaWasm) {
    this.#lua = lua;
    this.#state = lua.luaL_newstate();
    lua.luaL_openlibs(this.#state);
    this.#running = new LuaStack(lua, this.#state);
  }

  /** Where scripts are run. Lua allows that on no other stack than that of the coroutine that runs. */
  get stack(): LuaStack {
    return this.#running;
  }

  static async create(): Promise<LuaState> {
    return new LuaState(await LuaWasm.initialize());
  }

  /** Makes global functions, as `define`. */
  defineAll(functions: Readonly<Record<string, LuaFunction>>): void {
    for (const [name, implementation] of Object.entries(functions)) this.define(name, implementation);
  }

  /** Makes a global function. What it throws becomes an error of the script, said where it was called. */
  define(name: string, implementation: LuaFunction): void {
    const lua = this.#lua;
    const pointer = lua.module.addFunction((state: number): number => {
      const stack = new LuaStack(lua, state);
      const given = stack.size;
      const caller = this.#running;
      this.#running = stack;
      try {
        implementation(stack);
      } catch (error) {
        // Errors of Lua itself pass through as something else than an Error.
        if (!(error instanceof Error)) throw error;
        lua.luaL_where(state, 1);
        stack.push(error.message);
        lua.lua_concat(state, 2);
        // Leaves this function by an exception that only Lua catches.
        return raise(lua, state);
      } finally {
        this.#running = caller;
      }
      return Math.max(stack.size - given, 0);
    }, "ii");
    lua.lua_pushcclosure(this.#state, pointer, 0);
    lua.lua_setglobal(this.#state, name);
  }
}

function raise(lua: LuaWasm, state: number): number {
  return lua.lua_error(state);
}
