import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { bodyOf, type Exchange, type Reply } from "../http/exchange.ts";
import { closingDelimiter } from "../http/multipart-writer.ts";
import type { Fault, FaultType } from "./fault.ts";
import { failureReply } from "./failure-reply.ts";
import { Interruption } from "./interruption.ts";
import { aborted, dropLast, interruptAfter, keepFirst, slowDown, stallAfter } from "./streams.ts";

/** What a fault may need of the rest of the emulator. */
export interface FaultWorld {
  revokeTokens(): void;
  /** The emulator's time, in milliseconds. */
  now(): number;
}

/** What a fault does before the handler and to its reply. Both may throw `Interruption`. */
interface Effect<Type extends FaultType> {
  before?(fault: Fault<Type>, exchange: Exchange, world: FaultWorld): Exchange | Promise<Exchange>;
  after?(fault: Fault<Type>, reply: Reply, exchange: Exchange): Reply | Promise<Reply>;
}

const effects: { readonly [Type in FaultType]: Effect<Type> } = {
  reply: {
    before: (fault, _exchange, world) => {
      throw new Interruption(failureReply(fault, world.now()));
    },
  },
  "revoke-tokens": {
    before: (_fault, exchange, world) => {
      world.revokeTokens();
      return exchange;
    },
  },
  delay: {
    before: async (fault, exchange) => {
      await sleep(fault.milliseconds, undefined, { signal: exchange.signal });
      return exchange;
    },
  },
  stall: {
    before: async (fault, exchange) => {
      if (fault.afterBytes !== undefined) return exchange;
      await aborted(exchange.signal);
      throw new Interruption();
    },
    after: (fault, reply, exchange) => ({
      ...reply,
      body: stallAfter(bodyOf(reply), fault.afterBytes ?? 0, exchange.signal),
    }),
  },
  trickle: {
    before: (fault, exchange) =>
      fault.direction === "request" ? { ...exchange, body: slowDown(exchange.body, fault, exchange.signal) } : exchange,
    after: (fault, reply, exchange) =>
      fault.direction === "answer" ? { ...reply, body: slowDown(bodyOf(reply), fault, exchange.signal) } : reply,
  },
  reset: {
    before: (fault, exchange) => {
      if (fault.when === "start") throw new Interruption();
      if (fault.when === "answer") return exchange;
      return { ...exchange, body: interruptAfter(exchange.body, fault.afterBytes ?? 0, new Interruption()) };
    },
    after: (fault, reply) => {
      if (fault.when === "answer") throw new Interruption();
      return reply;
    },
  },
  "early-reply": {
    before: (fault, exchange, world) => {
      const reply = failureReply({ type: "reply", status: fault.status }, world.now());
      return { ...exchange, body: interruptAfter(exchange.body, fault.afterBytes, new Interruption(reply)) };
    },
  },
  truncate: {
    after: (fault, reply) => ({
      ...reply,
      body: keepFirst(bodyOf(reply), fault.bytes),
      cut: fault.ended !== true,
    }),
  },
  "missing-final-boundary": {
    after: (_fault, reply) => {
      const boundary = /boundary="?([^";]+)/.exec(reply.headers?.["content-type"] ?? "")?.[1];
      if (boundary === undefined) return reply;
      return { ...reply, body: dropLast(bodyOf(reply), closingDelimiter(boundary).length) };
    },
  },
  "wrong-length": {
    after: async (fault, reply) => {
      const body = await whole(reply);
      const length = String(body.length + fault.extra);
      return { ...reply, headers: { ...reply.headers, "content-length": length }, body, cut: true };
    },
  },
  gzip: {
    after: async (_fault, reply) => ({
      ...reply,
      headers: { ...reply.headers, "content-encoding": "gzip" },
      body: gzipSync(await whole(reply)),
    }),
  },
  "partial-stow": {
    before: (fault, exchange) => ({ ...exchange, refuseEvery: fault.every }),
  },
};

/** The request as the handler shall see it. */
export async function injectBefore<Type extends FaultType>(
  fault: Fault<Type>,
  exchange: Exchange,
  world: FaultWorld,
): Promise<Exchange> {
  const effect: Effect<Type> = effects[fault.type];
  return (await effect.before?.(fault, exchange, world)) ?? exchange;
}

/** The reply as the client shall see it. */
export async function injectAfter<Type extends FaultType>(
  fault: Fault<Type>,
  reply: Reply,
  exchange: Exchange,
): Promise<Reply> {
  const effect: Effect<Type> = effects[fault.type];
  return (await effect.after?.(fault, reply, exchange)) ?? reply;
}

async function whole(reply: Reply): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bodyOf(reply)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
