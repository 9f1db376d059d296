import { verify } from "node:crypto";
import type { Accounts, ServiceAccount } from "./accounts.ts";
import { OAuthError } from "./oauth-error.ts";

/** A JSON Web Token (RFC 7519) taken apart, nothing of it believed yet. */
interface Jwt {
  readonly header: ReadonlyMap<string, unknown>;
  readonly claims: ReadonlyMap<string, unknown>;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** What an accepted assertion grants. */
export interface AcceptedAssertion {
  readonly account: ServiceAccount;
  readonly scopes: readonly string[];
}

/** What an assertion is judged by. */
export interface AssertionJudge {
  readonly accounts: Accounts;
  readonly audiences: readonly string[];
  /** Seconds since 1970. */
  readonly now: number;
}

/** An assertion as it came, for tests to look at; without its signature. */
export interface RecordedAssertion {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** `accepted`, or the name of the refusal. */
  outcome: string;
}

const toleranceSeconds = 300;
const maximumLifetimeSeconds = 3600;

/** Takes a JWT apart; `OAuthError` when it is none. */
export function parseJwt(text: string): Jwt {
  const [header, claims, signature, ...more] = text.split(".");
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) {
    throw new OAuthError("malformedAssertion");
  }
  return {
    header: jsonPart(header),
    claims: jsonPart(claims),
    signed: Buffer.from(`${header}.${claims}`, "ascii"),
    signature: base64url(signature),
  };
}

/** Without the signature. */
export function recordAssertion(jwt: Jwt): RecordedAssertion {
  return { header: Object.fromEntries(jwt.header), claims: Object.fromEntries(jwt.claims), outcome: "accepted" };
}

/** Judges an assertion of the JWT bearer grant (RFC 7523 §3) as Google does; `OAuthError` says what was wrong. */
export function judgeAssertion(jwt: Jwt, judge: AssertionJudge): AcceptedAssertion {
  const account = judge.accounts.serviceAccounts.get(String(jwt.claims.get("iss")));
  if (account === undefined || account.state === "deleted") throw new OAuthError("accountNotFound");
  checkSignature(jwt, account);
  checkAudience(jwt, judge.audiences);
  checkTimes(jwt, judge.now);
  if (account.state === "unauthorized") throw new OAuthError("unauthorizedClient");
  // Acting for another user needs domain-wide delegation, which nobody has here.
  const subject = jwt.claims.get("sub");
  if (subject !== undefined && subject !== account.name) throw new OAuthError("unauthorizedClient");
  return { account, scopes: checkedScopes(jwt.claims.get("scope")) };
}

function checkSignature(jwt: Jwt, account: ServiceAccount): void {
  const keyIdentifier = jwt.header.get("kid");
  const keys = [...account.keys].filter(([known]) => keyIdentifier === undefined || known === keyIdentifier);
  const good =
    jwt.header.get("alg") === "RS256" && keys.some(([, key]) => verify("RSA-SHA256", jwt.signed, key, jwt.signature));
  if (!good) throw new OAuthError("signature");
}

function checkAudience(jwt: Jwt, audiences: readonly string[]): void {
  if (!audiences.includes(String(jwt.claims.get("aud")))) throw new OAuthError("audience");
}

function checkTimes(jwt: Jwt, now: number): void {
  const issued = jwt.claims.get("iat");
  const expires = jwt.claims.get("exp");
  const reasonable =
    typeof issued === "number" &&
    typeof expires === "number" &&
    Math.abs(issued - now) <= toleranceSeconds &&
    expires > Math.max(issued, now) &&
    expires - issued <= maximumLifetimeSeconds;
  if (!reasonable) throw new OAuthError("timeframe");
}

/** Space-separated; at least one, all of Google's. */
function checkedScopes(claim: unknown): string[] {
  const scopes = typeof claim === "string" ? claim.split(" ").filter((scope) => scope !== "") : [];
  if (scopes.length === 0 || !scopes.every(isGoogleScope)) throw new OAuthError("scope");
  return scopes;
}

function isGoogleScope(scope: string): boolean {
  return (
    ["openid", "email", "profile"].includes(scope) || /^https:\/\/www\.googleapis\.com\/auth\/[\w.-]+$/.test(scope)
  );
}

function jsonPart(text: string): ReadonlyMap<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(base64url(text).toString("utf8"));
  } catch {
    throw new OAuthError("malformedAssertion");
  }
  if (typeof value !== "object" || value === null) throw new OAuthError("malformedAssertion");
  return new Map(Object.entries(value));
}

/** Strict base64url without padding (RFC 7515 §2): Node alone would take anything. */
function base64url(text: string): Buffer {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new OAuthError("malformedAssertion");
  return Buffer.from(text, "base64url");
}
