import { setTimeout as delay } from "node:timers/promises";
import type { ProcessControl } from "../rest/process-routes.ts";
import type { Log } from "../util/log.ts";

/** Milliseconds for the answer to reach its client. */
const grace = 100;

/** Asks the own process by the signals that `main.ts` obeys: SIGHUP starts anew, SIGTERM stops. */
export function processControl(log: Log): ProcessControl {
  const send = (signal: NodeJS.Signals, what: string): void => {
    log.warn(`${what} was asked for by the REST API`);
    void delay(grace).then(() => process.kill(process.pid, signal));
  };
  return { reset: () => send("SIGHUP", "A restart"), shutdown: () => send("SIGTERM", "The end") };
}
