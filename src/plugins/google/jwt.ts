import { sign } from "node:crypto";
import type { ServiceAccountKey } from "./credential.ts";

/** The one scope that Orthanc's plugin asks for; it includes the Healthcare API. */
export const cloudPlatformScope = "https://www.googleapis.com/auth/cloud-platform";

/** The longest life that Google accepts of an assertion. */
const assertionSeconds = 3600;

/**
 * A signed assertion for the JWT bearer grant (RFC 7523 §3, RS256 of RFC 7518 §3.3).
 * `now`: milliseconds since 1970 by Google's clock, not by ours.
 */
export function signAssertion(key: ServiceAccountKey, now: number): string {
  const issuedAt = Math.floor(now / 1000);
  const header = {
    alg: "RS256",
    typ: "JWT",
    ...(key.privateKeyId !== undefined && { kid: key.privateKeyId }),
  };
  const claims = {
    iss: key.clientEmail,
    scope: cloudPlatformScope,
    aud: key.tokenUri,
    iat: issuedAt,
    exp: issuedAt + assertionSeconds,
  };
  const signed = `${base64Url(header)}.${base64Url(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), key.privateKey).toString("base64url")}`;
}

function base64Url(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
