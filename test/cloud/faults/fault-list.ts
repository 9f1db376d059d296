import type { Exchange } from "../http/exchange.ts";
import type { Fault, FaultRule } from "./fault.ts";

/** The faults in waiting. */
export interface FaultList {
  add(...rules: readonly FaultRule[]): void;
  clear(): void;
  rules(): readonly FaultRule[];
  /** The faults that hit this request; each call counts. */
  take(exchange: Exchange): readonly Fault[];
}

interface Waiting {
  readonly rule: FaultRule;
  seen: number;
}

/** A list whose probabilities follow `seed`: the same requests in the same order meet the same faults. */
export function createFaultList(seed: number): FaultList {
  let waiting: Waiting[] = [];
  const random = seededRandom(seed);
  const hits = (entry: Waiting, exchange: Exchange): boolean => {
    const { skip = 0, count = 1, probability = 1 } = entry.rule;
    if (!fits(entry.rule, exchange)) return false;
    entry.seen += 1;
    const number = entry.seen - skip;
    if (number < 1 || (count !== "always" && number > count)) return false;
    return probability >= 1 || random() < probability;
  };
  return {
    add: (...rules) => {
      waiting.push(...rules.map((rule) => ({ rule, seen: 0 })));
    },
    clear: () => {
      waiting = [];
    },
    rules: () => waiting.map((entry) => entry.rule),
    take: (exchange) => waiting.filter((entry) => hits(entry, exchange)).map((entry) => entry.rule.fault),
  };
}

/** The emulator's own controls are only hit when named. */
function fits(rule: FaultRule, exchange: Exchange): boolean {
  if (rule.route === undefined ? exchange.route === "admin" : rule.route !== exchange.route) return false;
  if (rule.method !== undefined && rule.method !== exchange.method) return false;
  if (rule.path !== undefined && !exchange.url.pathname.includes(rule.path)) return false;
  return rule.reusedConnection !== true || exchange.reusedConnection;
}

/** Mulberry32: 32 bits of state are enough for a test. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
