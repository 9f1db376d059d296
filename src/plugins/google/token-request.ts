import type { ClientResponse, HttpClient } from "../../plugin-api.ts";
import type { Clock } from "./clock.ts";
import type { Credential } from "./credential.ts";
import { signAssertion } from "./jwt.ts";
import { networkProblem } from "./network-problem.ts";
import { readTokenAnswer } from "./token-answer.ts";
import type { TokenOutcome } from "./token-answer.ts";

export interface TokenClient {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Seconds a whole exchange may take. */
  readonly timeout: number;
  /** Aborted when the server stops. */
  readonly signal: AbortSignal;
}

/** An outcome, and how far the server's `Date` is ahead of our clock (milliseconds); undefined without one. */
export type TokenExchange = TokenOutcome & { readonly skew: number | undefined };

const longestAnswer = 65_536;
/** A `Date` has whole seconds and travels for a while: less than this is no skew, and no harm to Google. */
const unremarkableSkew = 10_000;

/**
 * Asks the credential's token endpoint once: the JWT bearer grant (RFC 7523) or the refresh grant (RFC 6749 §6).
 * `signingSkew`: milliseconds to add to our clock in an assertion. Never throws: failures are outcomes.
 */
export async function requestToken(
  credential: Credential,
  signingSkew: number,
  client: TokenClient,
): Promise<TokenExchange> {
  const { clock } = client;
  const { host } = new URL(credential.tokenUri);
  const deadline = new AbortController();
  const cancel = clock.after(client.timeout * 1000, () => deadline.abort());
  const sentAt = clock.now();
  try {
    const response = await client.http.request({
      method: "POST",
      url: credential.tokenUri,
      headers: { "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
      body: grantForm(credential, sentAt + signingSkew).toString(),
      connection: { timeout: client.timeout },
      signal: AbortSignal.any([deadline.signal, client.signal]),
    });
    const text = await response.text(longestAnswer);
    const skew = measureSkew(response, sentAt, clock.now());
    const { status, headers } = response;
    const answer = { host, status, text, retryAfter: headers["retry-after"], now: clock.now() + (skew ?? 0) };
    return { ...readTokenAnswer(answer, credential), skew };
  } catch (error) {
    const problem = networkProblem(error, host);
    const reason = deadline.signal.aborted ? `${host}: no answer within ${client.timeout} s` : problem.reason;
    return { problem: { ...problem, reason }, skew: undefined };
  } finally {
    cancel();
  }
}

function grantForm(credential: Credential, now: number): URLSearchParams {
  return credential.kind === "service-account"
    ? new URLSearchParams({
        grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
        assertion: signAssertion(credential, now),
      })
    : new URLSearchParams({
        grant_type: "refresh_token",
        client_id: credential.clientId,
        client_secret: credential.clientSecret,
        refresh_token: credential.refreshToken,
      });
}

/** Compares with the middle of the exchange. */
function measureSkew(response: ClientResponse, sentAt: number, receivedAt: number): number | undefined {
  const date = Date.parse(response.headers["date"] ?? "");
  if (Number.isNaN(date)) {
    return undefined;
  }
  const skew = date - (sentAt + receivedAt) / 2;
  return Math.abs(skew) < unremarkableSkew ? 0 : Math.round(skew);
}
