import type { Archive } from "../archive/archive.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { createEventQueue } from "./event-queue.ts";
import { hearArchive, queueCall } from "./events.ts";
import { createLuaFilters, type LuaFilters, type LuaFiltersParts } from "./filters.ts";
import { answerHost, type HostParts } from "./host.ts";
import { LuaThread } from "./lua-thread.ts";
import type { CallbackName, LuaResult, Operation } from "./protocol.ts";
import { luaRoutes } from "./routes.ts";
import type { Sequences } from "./sequences.ts";

export interface LuaParts extends Omit<LuaFiltersParts, "thread"> {
  /** `ExecuteLuaEnabled` */
  readonly executes: boolean;
  /** `LuaHeartBeatPeriod`, seconds; 0: never. */
  readonly heartBeatPeriod: number;
  readonly log: Log;
}

/** What scripts need to run. */
export interface LuaStart extends HostParts {
  readonly archive: Pick<Archive, "header" | "setStable" | "subscribe">;
  readonly sequences: Sequences;
  /** Has `filters.ingest` asked from now on. Called with the first script: until then the archive has no filter and no listener more. */
  readonly filterIngest: () => void;
  /** Read from `LuaScripts`, in order. */
  readonly scripts: readonly { readonly path: string; readonly source: string }[];
}

/** The Lua scripts of one server. */
export interface Lua {
  readonly filters: LuaFilters;
  readonly routes: readonly Route[];
  /** Tells scripts of a job. */
  jobEvent(what: "Submitted" | "Success" | "Failure", id: string): void;
  /** Runs the scripts of the configuration. Throws `CannotExecuteLua` naming the one that fails. */
  start(parts: LuaStart): Promise<void>;
  /** The server listens: calls `Initialize`, and `OnHeartBeat` from now on. */
  initialize(): void;
  /** Tells scripts of what has happened so far and calls `Finalize`. */
  close(): Promise<void>;
}

/** Milliseconds that scripts have to end when the server stops. */
const closingTime = 5000;

/** Makes the seams of the scripts; nothing runs before `start`, and no thread without a script. */
export function createLua(parts: LuaParts): Lua {
  const { log } = parts;
  let started: LuaStart | undefined;
  let unsubscribe: (() => void) | undefined;
  const thread = new LuaThread({
    answer: async (request) => {
      if (started === undefined) throw new ServerError("BadSequenceOfCalls", "the server is not ready");
      return answerHost(started, request);
    },
    log,
  });
  const queue = createEventQueue(log);
  const perform = (operations: readonly Operation[]): void => {
    if (operations.length > 0) started?.sequences.add(operations);
  };
  const queued = { thread, queue, perform };
  const call = (callback: CallbackName, ...args: readonly string[]): void =>
    queueCall(queued, callback, async () => args);
  const hearAndFilter = ({ archive, ask, filterIngest }: LuaStart): void => {
    filterIngest();
    unsubscribe ??= archive.subscribe((event) => hearArchive({ ...queued, archive, ask }, event));
  };
  const run = async (script: string, name: string): Promise<LuaResult> => {
    if (unsubscribe === undefined && started !== undefined) hearAndFilter(started);
    const result = await thread.run(script, name);
    perform(result.operations);
    return result;
  };
  let beats = false;
  // Scripts that are slow hear no beats for the time that they missed.
  const beat = (): void => {
    if (beats || !thread.defines("OnHeartBeat")) return;
    beats = true;
    queueCall(queued, "OnHeartBeat", async () => {
      beats = false;
      return [];
    });
  };
  const filters = createLuaFilters({ ...parts, thread });
  let heartBeat: NodeJS.Timeout | undefined;
  return {
    filters: {
      ...filters,
      async ingest(instance) {
        // What a script itself brings must not wait for the script.
        if (instance.origin.kind !== "Lua") await queue.relief();
        return filters.ingest(instance);
      },
    },
    routes: luaRoutes(parts.executes ? (script) => run(script, "line") : undefined),
    jobEvent: (what, id) => call(`OnJob${what}`, id),
    async start(start) {
      started = start;
      for (const { path, source } of start.scripts) await loadScript(run, path, source);
    },
    initialize() {
      call("Initialize");
      const period = parts.heartBeatPeriod * 1000;
      if (period > 0) heartBeat = setInterval(beat, period);
    },
    async close() {
      clearInterval(heartBeat);
      unsubscribe?.();
      call("Finalize");
      await queue.drained(closingTime);
      await thread.close(closingTime);
      started?.sequences.close();
    },
  };
}

async function loadScript(
  run: (script: string, name: string) => Promise<LuaResult>,
  path: string,
  source: string,
): Promise<void> {
  try {
    await run(source, `@${path}`);
  } catch (cause) {
    const why = cause instanceof ServerError ? cause.details : String(cause);
    throw new ServerError("CannotExecuteLua", `LuaScripts: ${path}: ${why}`, { cause });
  }
}
