import { callbackNames, type HostRequest, type LuaData, type Operation } from "../protocol.ts";
import type { Channel, Work } from "./channel.ts";
import { fileFunctions } from "./file-functions.ts";
import { httpFunctions } from "./http-functions.ts";
import { jsonFunctions } from "./json-functions.ts";
import type { LuaFunction, LuaState } from "./lua-state.ts";
import { files } from "./files.ts";
import { prelude } from "./prelude.ts";
import { serverFunctions } from "./server-functions.ts";
import { toolbox } from "./toolbox.ts";

/** A script or callback that runs. */
interface Frame {
  printed: string;
  readonly operations: Operation[];
}

/** Asks the server from within a script. */
export type AskHost = (request: HostRequest) => LuaData;

/** Runs what the server wants in one Lua state, one after the other. */
export class Interpreter {
  readonly #state: LuaState;
  readonly #channel: Channel;
  /** Those that wait for an answer of the server, and the one that runs, last. */
  readonly #frames: Frame[] = [];
  /** Events that came while something ran. */
  readonly #deferred: Work[] = [];

  constructor(state: LuaState, channel: Channel) {
    this.#state = state;
    this.#channel = channel;
    const ask: AskHost = (request) => channel.ask(request, (work) => this.#meanwhile(work));
    const report = (text: string): void => channel.send({ kind: "error", text });
    const functions: Readonly<Record<string, LuaFunction>> = {
      print: (stack) => this.#print(Array.from({ length: stack.size }, (_, at) => stack.toText(at + 1).toString())),
      _Operation: (stack) => void this.#frames.at(-1)?.operations.push(stack.read(1) as Operation),
      ...jsonFunctions(),
      ...serverFunctions(ask, report),
      ...httpFunctions(ask, report),
      ...fileFunctions(),
    };
    state.defineAll(functions);
    for (const [name, source] of Object.entries({ prelude, files, toolbox })) {
      state.stack.load(source, `=${name}`);
      state.stack.call(0, 0);
    }
  }

  /** Works until the server closes. */
  serve(): void {
    for (;;) {
      const work = this.#deferred.shift() ?? this.#channel.work();
      if (work.kind === "close") return;
      this.#do(work);
    }
  }

  /** Filters are answered while a script waits, for that may well wait for them; events come when it has ended. */
  #meanwhile(work: Work): void {
    if (work.kind === "close" || (work.kind === "call" && work.isEvent)) this.#deferred.push(work);
    else this.#do(work);
  }

  #do(work: Exclude<Work, { kind: "close" }>): void {
    const { stack } = this.#state;
    const { size } = stack;
    const frame: Frame = { printed: "", operations: [] };
    this.#frames.push(frame);
    try {
      const value = this.#run(work);
      const result = { value, ...frame };
      this.#channel.send({ kind: "result", id: work.id, result, callbacks: this.#callbacks() });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#channel.send({ kind: "failed", id: work.id, error: text, callbacks: this.#callbacks() });
    } finally {
      this.#frames.pop();
      stack.size = size;
    }
  }

  #run(work: Exclude<Work, { kind: "close" }>): LuaData {
    const { stack } = this.#state;
    if (work.kind === "run") {
      stack.load(work.script, work.name);
      stack.call(0, 0);
      return null;
    }
    if (!stack.pushFunction(work.callback)) throw new Error(`there is no function ${work.callback}`);
    for (const argument of work.args) stack.push(argument);
    stack.call(work.args.length);
    return stack.read(-1);
  }

  #print(words: readonly string[]): void {
    const text = words.join(", ");
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.printed += `${text}\n`;
    this.#channel.send({ kind: "print", text });
  }

  #callbacks(): readonly string[] {
    const { stack } = this.#state;
    const { size } = stack;
    const defined = callbackNames.filter((name) => {
      const isFunction = stack.pushFunction(name);
      stack.size = size;
      return isFunction;
    });
    return defined;
  }
}
