import type { Reply } from "../http/exchange.ts";
import { jsonReply } from "../http/exchange.ts";

/** The refusals of Google's token endpoint: status, `error`, `error_description`, and a subtype for one of them. */
const errorTable = {
  malformedAssertion: [400, "invalid_grant", "Invalid JWT: the assertion could not be parsed."],
  signature: [400, "invalid_grant", "Invalid JWT Signature."],
  accountNotFound: [400, "invalid_grant", "Invalid grant: account not found"],
  timeframe: [
    400,
    "invalid_grant",
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
      "Check your iat and exp values in the JWT claim.",
  ],
  audience: [400, "invalid_grant", "Invalid JWT: Failed audience check."],
  scope: [400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."],
  unauthorizedClient: [
    401,
    "unauthorized_client",
    "Client is unauthorized to retrieve access tokens using this method, " +
      "or client not authorized for any of the scopes requested.",
  ],
  clientNotFound: [401, "invalid_client", "The OAuth client was not found."],
  clientDeleted: [401, "deleted_client", "The OAuth client was deleted."],
  clientSecret: [401, "invalid_client", "Unauthorized"],
  refreshTokenUnknown: [400, "invalid_grant", "Bad Request"],
  refreshTokenRevoked: [400, "invalid_grant", "Token has been expired or revoked."],
  reauthentication: [400, "invalid_grant", "reauth related error (invalid_rapt)", "invalid_rapt"],
  contentType: [400, "invalid_request", "Invalid content type: expected application/x-www-form-urlencoded."],
  missingParameter: [400, "invalid_request", "Missing required parameter."],
  grantType: [400, "unsupported_grant_type", "Invalid grant_type."],
} as const satisfies Record<string, readonly [number, string, string, string?]>;

export type OAuthErrorName = keyof typeof errorTable;

/** A refusal of the token endpoint; `detail` follows the description. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly errorName: OAuthErrorName;
  readonly detail: string | undefined;

  constructor(errorName: OAuthErrorName, detail?: string) {
    super(errorName);
    this.errorName = errorName;
    this.detail = detail;
  }
}

/** The answer to a refused token request (RFC 6749 §5.2, in Google's words). */
export function oauthErrorReply(error: OAuthError): Reply {
  const row: readonly [number, string, string, string?] = errorTable[error.errorName];
  const [status, code, description, subtype] = row;
  const text = error.detail === undefined ? description : `${description} ${error.detail}`;
  return jsonReply(
    { error: code, error_description: text, ...(subtype === undefined ? {} : { error_subtype: subtype }) },
    status,
  );
}
