import type { Credential } from "./credential.ts";
import type { LoadCredential } from "./credential-loader.ts";
import { requestToken } from "./token-request.ts";
import type { TokenClient, TokenExchange } from "./token-request.ts";
import type { TokenOutcome } from "./token-answer.ts";

/** What earlier attempts taught. */
export interface Knowledge {
  /** Milliseconds the endpoint's `Date` is ahead of our clock; undefined before the first answer with one. */
  readonly measuredSkew: number | undefined;
  /** Milliseconds added to our clock in assertions: 0 until the endpoint has refused our time. */
  readonly signingSkew: number;
  /** A refresh token that the server gave in place of the one in the source with this fingerprint. */
  readonly rotated: { readonly fingerprint: string; readonly refreshToken: string } | undefined;
}

export type Attempt = TokenOutcome & {
  readonly fingerprint: string;
  readonly credential: Credential | undefined;
  /** When the last request was sent, by our clock: a token's life is counted from here. */
  readonly sentAt: number;
  readonly measuredSkew: number | undefined;
  readonly signingSkew: number;
};

/**
 * One attempt to obtain a token: reads the credential anew and asks its endpoint. When the assertion's times were
 * refused and the answer's `Date` tells why, asks once more with Google's time. A `Date` alone changes nothing: a
 * proxy's may be wrong while Google accepts our time. Never throws.
 */
export async function attemptToken(load: LoadCredential, known: Knowledge, client: TokenClient): Promise<Attempt> {
  const loaded = await load();
  const { fingerprint } = loaded;
  let { signingSkew } = known;
  let sentAt = client.clock.now();
  if ("problem" in loaded) {
    const { measuredSkew } = known;
    return { problem: loaded.problem, fingerprint, credential: undefined, sentAt, measuredSkew, signingSkew };
  }
  const credential = withRotation(loaded.credential, fingerprint, known);
  let exchange = await requestToken(credential, signingSkew, client);
  const { skew } = exchange;
  if (refusedForClock(exchange) && skew !== undefined && skew !== signingSkew) {
    signingSkew = skew;
    sentAt = client.clock.now();
    exchange = await requestToken(credential, signingSkew, client);
  }
  return {
    ...exchange,
    fingerprint,
    credential,
    sentAt,
    measuredSkew: exchange.skew ?? known.measuredSkew,
    signingSkew,
  };
}

function withRotation(credential: Credential, fingerprint: string, { rotated }: Knowledge): Credential {
  return credential.kind === "authorized-user" && rotated?.fingerprint === fingerprint
    ? { ...credential, refreshToken: rotated.refreshToken }
    : credential;
}

function refusedForClock(exchange: TokenExchange): boolean {
  return "problem" in exchange && exchange.problem.layer === "clock";
}
