/** The thread in which scripts run; see `lua-thread.ts` for the other side. */
import { parentPort, workerData } from "node:worker_threads";
import type { ThreadData } from "../protocol.ts";
import { Channel } from "./channel.ts";
import { Interpreter } from "./interpreter.ts";
import { LuaState } from "./lua-state.ts";

const port = parentPort;
if (port === null) throw new Error("this module runs in a worker thread");
const channel = new Channel(port, workerData as ThreadData);
new Interpreter(await LuaState.create(), channel).serve();
port.close();
