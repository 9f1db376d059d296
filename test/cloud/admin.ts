import { jsonReply, readWhole, type Exchange, type Reply, type Row } from "./http/exchange.ts";
import { GoogleError } from "./http/google-error.ts";
import type { Controls } from "./controls.ts";
import { parseFaultRule } from "./faults/fault.ts";
import { parseSettings } from "./settings.ts";
import { parseRevocation } from "./revocation.ts";

type Control = (emulator: Controls, exchange: Exchange) => unknown;

/** The emulator's own controls: method, path below `/__emulator`, and what it does; the result is answered as JSON. */
const controls: readonly (readonly [string, string, Control])[] = [
  ["GET", "requests", (emulator) => emulator.journal.entries()],
  ["DELETE", "requests", (emulator) => emulator.journal.clear()],
  ["GET", "assertions", (emulator) => emulator.assertions()],
  ["GET", "faults", (emulator) => emulator.faults.rules()],
  ["DELETE", "faults", (emulator) => emulator.faults.clear()],
  [
    "POST",
    "faults",
    async (emulator, exchange) => {
      const body = await readJson(exchange);
      emulator.faults.add(...(Array.isArray(body) ? body : [body]).map(parseFaultRule));
      return emulator.faults.rules();
    },
  ],
  ["GET", "settings", (emulator) => emulator.settings.current()],
  [
    "PUT",
    "settings",
    async (emulator, exchange) => {
      emulator.settings.change(parseSettings(await readJson(exchange)));
      return emulator.settings.current();
    },
  ],
  [
    "POST",
    "revoke",
    async (emulator, exchange) => {
      emulator.revoke(parseRevocation(await readJson(exchange)));
      return {};
    },
  ],
  ["POST", "service-accounts", (emulator) => emulator.createServiceAccount()],
  ["POST", "authorized-users", (emulator) => emulator.createAuthorizedUser()],
  ["GET", "instances/{store...}", (emulator, exchange) => emulator.instances(exchange.parameters["store"] ?? "")],
];

/** The rows of the controls. They need no token: whoever reaches the loopback interface may use them. */
export function adminRows(emulator: Controls): Row[] {
  return controls.map(([method, path, act]) => ({
    route: "admin",
    method,
    path: `/__emulator/${path}`,
    handle: (exchange) => answer(emulator, exchange, act),
  }));
}

async function answer(emulator: Controls, exchange: Exchange, act: Control): Promise<Reply> {
  try {
    return jsonReply((await act(emulator, exchange)) ?? {});
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) {
      throw new GoogleError("INVALID_ARGUMENT", error.message);
    }
    throw error;
  }
}

async function readJson(exchange: Exchange): Promise<unknown> {
  return JSON.parse((await readWhole(exchange.body)).toString("utf8"));
}
