import { identityOf } from "./credential.ts";
import { tokenTimes } from "./held-token.ts";
import type { HeldToken } from "./held-token.ts";
import type { Problem } from "./problem.ts";
import { retryDelay } from "./retry.ts";
import type { ObtainedToken } from "./token-answer.ts";
import type { Attempt, Knowledge } from "./token-attempt.ts";

export type TokenState = "acquiring" | "ok" | "expiring" | "retrying" | "needs-reauth" | "misconfigured";

/** All that is known of one account's token. Times in milliseconds since 1970 by our clock. */
export interface TokenRecord {
  readonly held: HeldToken | undefined;
  /** Why the last attempt failed. */
  readonly problem: Problem | undefined;
  /** When to ask next: renewal, retry, or never by itself (infinity) after a refusal that no retry heals. */
  readonly dueAt: number;
  /** Attempts failed in a row. */
  readonly failures: number;
  readonly lastRenewal: number | undefined;
  readonly identity: string | undefined;
  readonly knowledge: Knowledge;
  /** Source of the last attempt. */
  readonly triedFingerprint: string | undefined;
  /** Source of the last attempt that gave a token. */
  readonly provenFingerprint: string | undefined;
}

export const freshRecord: TokenRecord = {
  held: undefined,
  problem: undefined,
  dueAt: 0,
  failures: 0,
  lastRenewal: undefined,
  identity: undefined,
  knowledge: { measuredSkew: undefined, signingSkew: 0, rotated: undefined },
  triedFingerprint: undefined,
  provenFingerprint: undefined,
};

/** The record after an attempt that ended at `now`; `random` in [0, 1) spreads the retries. */
export function afterAttempt(record: TokenRecord, attempt: Attempt, now: number, random: number): TokenRecord {
  const seen: TokenRecord = {
    ...record,
    knowledge: { ...record.knowledge, measuredSkew: attempt.measuredSkew, signingSkew: attempt.signingSkew },
    triedFingerprint: attempt.fingerprint,
    identity: attempt.credential === undefined ? record.identity : identityOf(attempt.credential),
  };
  return "token" in attempt
    ? afterSuccess(seen, attempt, attempt.token, now)
    : afterFailure(seen, attempt.problem, now, random);
}

function afterSuccess(record: TokenRecord, attempt: Attempt, token: ObtainedToken, now: number): TokenRecord {
  const { fingerprint } = attempt;
  const held: HeldToken = {
    accessToken: token.accessToken,
    quotaProject: attempt.credential?.quotaProject,
    ...tokenTimes(attempt.sentAt, token.lifetime),
  };
  const { refreshToken } = token;
  const rotated = refreshToken === undefined ? record.knowledge.rotated : { fingerprint, refreshToken };
  return {
    ...record,
    held,
    problem: undefined,
    dueAt: held.renewAt,
    failures: 0,
    lastRenewal: now,
    knowledge: { ...record.knowledge, rotated },
    provenFingerprint: fingerprint,
  };
}

function afterFailure(record: TokenRecord, cause: Problem, now: number, random: number): TokenRecord {
  const problem = asRevocation(record, cause);
  const failures = record.failures + 1;
  const dueAt = problem.state === "retrying" ? now + retryDelay(failures, random, problem.retryAfter) : Infinity;
  return { ...record, problem, dueAt, failures };
}

/** A key that has worked and is refused now was not mistyped: somebody revoked it. */
function asRevocation(record: TokenRecord, problem: Problem): Problem {
  return problem.layer === "key" && record.triedFingerprint === record.provenFingerprint
    ? { ...problem, state: "needs-reauth", reason: `${problem.reason} (it has worked before: revoked?)` }
    : problem;
}

/** The record after the store refused the held token: without it, due at once unless an earlier failure says when. */
export function afterRejection(record: TokenRecord): TokenRecord {
  return { ...record, held: undefined, dueAt: record.problem === undefined ? 0 : record.dueAt };
}

/** Must a person or a changed file come before another attempt? */
export function isBlocked(record: TokenRecord): boolean {
  return record.problem !== undefined && record.problem.state !== "retrying";
}

/** The held token if it may still be handed out. */
export function usableToken({ held }: TokenRecord, now: number): HeldToken | undefined {
  return held !== undefined && now < held.usableUntil ? held : undefined;
}

/** The one word for the routes. */
export function stateOf({ held, problem }: TokenRecord, now: number): TokenState {
  if (problem !== undefined) {
    return problem.state;
  }
  if (held === undefined) {
    return "acquiring";
  }
  return now < held.renewAt ? "ok" : "expiring";
}
