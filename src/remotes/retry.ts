import { NetworkError } from "../http/network-error.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { Clock } from "./clock.ts";
import type { DicomWebServer } from "./dicomweb-servers.ts";
import { RemoteFailure } from "./remote-failure.ts";

/** How often and how long a request to a remote server is tried again. Delays in milliseconds. */
export const retryPolicy = {
  attempts: 7,
  firstDelay: 500,
  maximumDelay: 32_000,
  /** A longer `Retry-After` is not waited for. */
  maximumRetryAfter: 120_000,
  /** Besides every 5xx (RFC 9110 §15.5.9, RFC 6585 §4). */
  transientStatuses: [408, 425, 429] as readonly number[],
};
export type RetryPolicy = typeof retryPolicy;

/** The policy for one server. Where tokens come from credentials, a refused one (401) is worth another attempt: they renew it. */
export function policyFor({ credentials }: Pick<DicomWebServer, "credentials">, policy: RetryPolicy): RetryPolicy {
  if (credentials === undefined) return policy;
  return { ...policy, transientStatuses: [...policy.transientStatuses, 401] };
}

export interface RetryParts {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/**
 * Runs `attempt` until it succeeds, fails for good, or the attempts of the policy are used up: network failures and
 * transient statuses are tried again after a jittered exponential delay, or after what the server's `Retry-After` asks.
 * `attempt` must be harmless to repeat.
 */
export async function withRetries<Result>(
  what: string,
  attempt: () => Promise<Result>,
  parts: RetryParts,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      await waitBeforeRetry(what, error, failures, parts);
    }
  }
}

/** Waits as long as the policy says after `failures` failed attempts, the last with `error`; throws it when it was the last one. */
export async function waitBeforeRetry(
  what: string,
  error: unknown,
  failures: number,
  { policy, clock, log, signal }: RetryParts,
): Promise<void> {
  const delay = delayBeforeRetry(error, failures, policy, clock);
  if (delay === undefined || failures >= policy.attempts || signal.aborted) throw error;
  const reason = error instanceof Error ? error.message : String(error);
  log.warn(`${what} failed (attempt ${failures} of ${policy.attempts}), next in ${Math.round(delay)} ms: ${reason}`);
  await clock.sleep(delay, signal);
}

/** Milliseconds to wait; undefined when a repetition would not help. */
function delayBeforeRetry(error: unknown, failures: number, policy: RetryPolicy, clock: Clock): number | undefined {
  if (!isTransient(error, policy)) return undefined;
  const asked = error instanceof RemoteFailure ? retryAfter(error.retryAfter, clock.now()) : undefined;
  if (asked !== undefined) return asked <= policy.maximumRetryAfter ? asked : undefined;
  const ceiling = Math.min(policy.firstDelay * 2 ** (failures - 1), policy.maximumDelay);
  return ceiling / 2 + (clock.random() * ceiling) / 2;
}

function isTransient(error: unknown, { transientStatuses }: RetryPolicy): boolean {
  if (error instanceof RemoteFailure) return error.status >= 500 || transientStatuses.includes(error.status);
  // A certificate does not become better by asking again.
  if (error instanceof NetworkError && error.layer === "tls") return false;
  return error instanceof ServerError && (error.errorName === "NetworkProtocol" || error.errorName === "Timeout");
}

/** Milliseconds that a `Retry-After` header asks for, as seconds or as a date (RFC 9110 §10.2.3); undefined when unreadable. */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
