import { credentialKinds } from "./account.ts";
import type { Account } from "./account.ts";
import { stateOf } from "./token-record.ts";

/**
 * What `/gcp/accounts/{name}` answers: never a token, never a secret. Times in ISO 8601 UTC, `ClockSkew` in seconds
 * (how far Google's clock is ahead of ours); null where unknown or not applicable. `now`: milliseconds since 1970.
 */
export function reportAccount({ settings, source }: Account, now: number): object {
  const { record } = source;
  const { held, knowledge, problem } = record;
  return {
    Name: settings.name,
    State: stateOf(record, now),
    Kind: credentialKinds[settings.source.from] ?? null,
    Identity: record.identity ?? null,
    QuotaProject: held?.quotaProject ?? null,
    Url: settings.url ?? null,
    TokenExpiresAt: isoTime(held?.expiresAt),
    LastRenewal: isoTime(record.lastRenewal),
    NextRetry: isoTime(problem?.state === "retrying" ? record.dueAt : undefined),
    ClockSkew: knowledge.measuredSkew === undefined ? null : Math.round(knowledge.measuredSkew / 1000),
    LastError: problem?.reason ?? null,
    FailedLayer: problem?.layer ?? null,
    Remedy: problem?.remedy ?? null,
  };
}

function isoTime(milliseconds: number | undefined): string | null {
  return milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
