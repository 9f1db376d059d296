import type { IncomingHttpHeaders } from "node:http";
import { GoogleError, invalidToken, invalidTokenMessage, missingTokenMessage } from "../http/google-error.ts";
import type { Grant, IssuedTokens } from "./issued-tokens.ts";

const healthcareScopes = [
  "https://www.googleapis.com/auth/cloud-healthcare",
  "https://www.googleapis.com/auth/cloud-platform",
];

/** The grant of the bearer token of a request; 401 without a good token, 403 without a fitting scope. */
export function requireGrant(tokens: IssuedTokens, headers: IncomingHttpHeaders, now: number): Grant {
  const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) {
    throw new GoogleError("UNAUTHENTICATED", missingTokenMessage, {
      "www-authenticate": 'Bearer realm="https://accounts.google.com/"',
    });
  }
  const grant = tokens.find(token, now);
  if (grant === undefined) throw new GoogleError("UNAUTHENTICATED", invalidTokenMessage, invalidToken);
  if (!grant.scopes.some((scope) => healthcareScopes.includes(scope))) {
    throw new GoogleError("PERMISSION_DENIED", "Request had insufficient authentication scopes.");
  }
  return grant;
}
