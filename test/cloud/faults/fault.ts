import type { RouteName } from "../http/exchange.ts";
import { routeNames } from "../http/exchange.ts";

/** What can go wrong, by its name. Sizes are in bytes, times in milliseconds. */
export interface FaultShapes {
  /** Answered at once, the request is not handled. */
  readonly reply: {
    readonly status: number;
    /** The form of the body, or the body itself. `google` is an error frame, `token` an OAuth error. */
    readonly body?: "google" | "array" | "html" | "token" | "empty" | (string & {});
    readonly headers?: Readonly<Record<string, string>>;
    /** `Retry-After`: seconds, as a number or as a date. */
    readonly retryAfter?: number;
    readonly retryAfterForm?: "seconds" | "date";
  };
  /** All tokens die as the request arrives. */
  readonly "revoke-tokens": {};
  readonly delay: { readonly milliseconds: number };
  /** No byte any more: at once, or after so many bytes of the answer. */
  readonly stall: { readonly afterBytes?: number };
  /** So many bytes per so much time, reading the request or sending the answer. */
  readonly trickle: {
    readonly direction: "request" | "answer";
    readonly bytes: number;
    readonly milliseconds: number;
  };
  /** The connection is cut: at the start, in the upload, or after everything is done but before the answer. */
  readonly reset: { readonly when: "start" | "upload" | "answer"; readonly afterBytes?: number };
  /** An error while the body is still being uploaded. */
  readonly "early-reply": { readonly status: number; readonly afterBytes: number };
  /** The answer ends after so many bytes; with `ended` HTTP's own end is there all the same. */
  readonly truncate: { readonly bytes: number; readonly ended?: boolean };
  readonly "missing-final-boundary": {};
  /** `Content-Length` promises so many bytes more than there are. */
  readonly "wrong-length": { readonly extra: number };
  /** The answer is compressed, asked for or not. */
  readonly gzip: {};
  /** Every n-th instance of a STOW is refused. */
  readonly "partial-stow": { readonly every: number };
}

export type FaultType = keyof FaultShapes;

/** One fault, or with a type argument one of that type. */
export type Fault<Type extends FaultType = FaultType> = {
  [Each in Type]: { readonly type: Each } & FaultShapes[Each];
}[Type];

/** When a fault happens. Of the requests that fit the filters, `skip` pass, then `count` are hit, each with `probability`. */
export interface FaultRule {
  readonly fault: Fault;
  readonly route?: RouteName;
  readonly method?: string;
  /** Part of the path. */
  readonly path?: string;
  /** Only requests over a connection that served another before. */
  readonly reusedConnection?: boolean;
  /** Default 0. */
  readonly skip?: number;
  /** Default 1. */
  readonly count?: number | "always";
  /** Default 1. */
  readonly probability?: number;
}

/** Fields of each fault: their type or allowed values, `?` if they may be absent. */
const faultFields: Readonly<Record<FaultType, Readonly<Record<string, string>>>> = {
  reply: {
    status: "number",
    body: "string?",
    headers: "object?",
    retryAfter: "number?",
    retryAfterForm: "seconds|date?",
  },
  "revoke-tokens": {},
  delay: { milliseconds: "number" },
  stall: { afterBytes: "number?" },
  trickle: { direction: "request|answer", bytes: "number", milliseconds: "number" },
  reset: { when: "start|upload|answer", afterBytes: "number?" },
  "early-reply": { status: "number", afterBytes: "number" },
  truncate: { bytes: "number", ended: "boolean?" },
  "missing-final-boundary": {},
  "wrong-length": { extra: "number" },
  gzip: {},
  "partial-stow": { every: "number" },
};

const ruleFields: Readonly<Record<string, string>> = {
  fault: "object",
  route: "string?",
  method: "string?",
  path: "string?",
  reusedConnection: "boolean?",
  skip: "number?",
  count: "number?",
  probability: "number?",
};

/** Checks a rule that came as JSON, by the tables above. Throws `TypeError`. */
export function parseFaultRule(value: unknown): FaultRule {
  const rule = fieldsOf(value, "rule");
  const fault = fieldsOf(rule.get("fault"), "fault");
  const type = String(fault.get("type"));
  const fields = Object.entries(faultFields).find(([known]) => known === type)?.[1];
  if (fields === undefined) throw new TypeError(`unknown fault ${type}; known: ${Object.keys(faultFields).join(", ")}`);
  checkFields(fault, { ...fields, type: "string" }, type);
  if (rule.get("count") === "always") rule.delete("count");
  checkFields(rule, ruleFields, "rule");
  const route = rule.get("route");
  if (route !== undefined && !routeNames.some((known) => known === route)) throw new TypeError("unknown route");
  return value as FaultRule;
}

function fieldsOf(value: unknown, what: string): Map<string, unknown> {
  if (typeof value !== "object" || value === null) throw new TypeError(`expected an object as ${what}`);
  return new Map(Object.entries(value));
}

function checkFields(
  fields: ReadonlyMap<string, unknown>,
  table: Readonly<Record<string, string>>,
  what: string,
): void {
  for (const name of fields.keys()) if (!(name in table)) throw new TypeError(`${what}: unknown field ${name}`);
  for (const [name, expected] of Object.entries(table)) {
    const given = fields.get(name);
    if (given === undefined && expected.endsWith("?")) continue;
    const allowed = expected.replace("?", "").split("|");
    const found = allowed.length > 1 ? String(given) : typeof given;
    if (!allowed.includes(found)) throw new TypeError(`${what}: expected ${name} to be ${allowed.join(" or ")}`);
  }
}
