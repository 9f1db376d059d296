import type { Credential } from "./credential.ts";
import { isObject, parseJson, textField } from "./json-fields.ts";
import { oauthProblem, parseOAuthError } from "./oauth-error.ts";
import type { Problem } from "./problem.ts";
import { parseRetryAfter } from "./retry.ts";

export interface ObtainedToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly lifetime: number;
  /** A server may replace the refresh token (RFC 6749 §6). */
  readonly refreshToken: string | undefined;
}

export type TokenOutcome = { readonly token: ObtainedToken } | { readonly problem: Problem };

/** What the token endpoint answered. */
export interface TokenAnswer {
  readonly host: string;
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
  /** Milliseconds since 1970 by the server's clock, for a `Retry-After` that is a date. */
  readonly now: number;
}

/** Assumed when an answer does not tell: short, so that a token that lives less is seldom used dead. */
const unknownLifetime = 300;
/** The longest that Google issues. */
const longestLifetime = 43_200;

const transientStatuses: ReadonlySet<number> = new Set([408, 425, 429]);

/** Reads an answer of a token endpoint, tolerant of types, strict about success and about what may be retried. */
export function readTokenAnswer(answer: TokenAnswer, credential: Credential): TokenOutcome {
  const { host, status, text } = answer;
  const body = parseJson(text);
  if (status === 200) {
    const token = isObject(body) ? readToken(body) : undefined;
    return token === undefined ? { problem: noToken(answer) } : { token };
  }
  if (status >= 500 || transientStatuses.has(status)) {
    return { problem: busy(answer) };
  }
  const refusal = parseOAuthError(body);
  if (refusal !== undefined) {
    return { problem: oauthProblem(refusal, credential, host) };
  }
  return { problem: strange(answer) };
}

function readToken(body: Record<string, unknown>): ObtainedToken | undefined {
  const accessToken = textField(body, "access_token");
  const type = textField(body, "token_type") ?? "Bearer";
  // It becomes a header: anything but visible ASCII would break the request, or smuggle another header into it.
  if (accessToken === undefined || !/^[\x21-\x7e]+$/.test(accessToken) || type.toLowerCase() !== "bearer") {
    return undefined;
  }
  return { accessToken, lifetime: readLifetime(body["expires_in"]), refreshToken: textField(body, "refresh_token") };
}

/** Google sends a number, some servers a string, a few nothing. */
function readLifetime(expiresIn: unknown): number {
  const seconds = typeof expiresIn === "string" && expiresIn.trim() !== "" ? Number(expiresIn) : expiresIn;
  const known = typeof seconds === "number" && seconds > 0;
  return known ? Math.min(seconds, longestLifetime) : unknownLifetime;
}

function noToken({ host }: TokenAnswer): Problem {
  return {
    state: "retrying",
    layer: "token",
    reason: `${host} answered 200 without a Bearer token`,
    remedy: "check that no proxy or sign-in page stands between",
  };
}

function busy({ host, status, retryAfter, now }: TokenAnswer): Problem {
  const wait = parseRetryAfter(retryAfter, now);
  return {
    state: "retrying",
    layer: "token",
    reason: `${host} answered ${status}`,
    remedy: "nothing to do: it is asked again by itself",
    ...(wait !== undefined && { retryAfter: wait }),
  };
}

/** Something else than an OAuth server answered. Asked again, as it may be a proxy's bad day; but never after 400 and 401. */
function strange({ host, status }: TokenAnswer): Problem {
  return {
    state: status === 400 || status === 401 ? "misconfigured" : "retrying",
    layer: "token",
    reason: `${host} answered ${status}, not as a token endpoint does`,
    remedy: "check token_uri in the credential file, and HttpProxy",
  };
}
