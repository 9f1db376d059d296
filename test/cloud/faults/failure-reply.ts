import type { Reply } from "../http/exchange.ts";
import { jsonReply } from "../http/exchange.ts";
import { googleStatusReply, htmlError } from "../http/google-error.ts";
import type { Fault } from "./fault.ts";

const forms: Readonly<Record<string, (status: number) => Reply>> = {
  google: (status) => googleStatusReply(status, false),
  array: (status) => googleStatusReply(status, true),
  html: htmlError,
  token: (status) => jsonReply({ error: "internal_failure", error_description: "Injected by the emulator." }, status),
  empty: (status) => ({ status }),
};

/** The reply that a fault dictates; `now` in milliseconds, for a `Retry-After` that is a date. */
export function failureReply(fault: Fault<"reply">, now: number): Reply {
  const { status, body = "google" } = fault;
  const reply = forms[body]?.(status) ?? { status, body };
  return { ...reply, headers: { ...reply.headers, ...retryAfter(fault, now), ...fault.headers } };
}

function retryAfter(fault: Fault<"reply">, now: number): Record<string, string> {
  if (fault.retryAfter === undefined) return {};
  if (fault.retryAfterForm !== "date") return { "retry-after": String(fault.retryAfter) };
  return { "retry-after": new Date(now + fault.retryAfter * 1000).toUTCString() };
}
