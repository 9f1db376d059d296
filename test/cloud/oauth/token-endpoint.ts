import { jsonReply, readWhole, type Exchange, type Reply } from "../http/exchange.ts";
import { parseMediaType } from "../http/media-type.ts";
import type { EmulatorSettings, LiveSettings } from "../settings.ts";
import { newRefreshToken, type Accounts, type AuthorizedUser, type Principal } from "./accounts.ts";
import { judgeAssertion, parseJwt, recordAssertion, type RecordedAssertion } from "./assertion.ts";
import type { IssuedTokens } from "./issued-tokens.ts";
import { OAuthError, oauthErrorReply, type OAuthErrorName } from "./oauth-error.ts";

/** What the token endpoint works with. */
export interface TokenEndpoint {
  readonly accounts: Accounts;
  readonly tokens: IssuedTokens;
  readonly settings: LiveSettings;
  /** Accepted values of `aud`. */
  audiences(): readonly string[];
  /** Every assertion that could be taken apart. */
  readonly assertions: RecordedAssertion[];
}

type Grant = (endpoint: TokenEndpoint, form: URLSearchParams) => object;

const grants: Readonly<Record<string, Grant>> = {
  "urn:ietf:params:oauth:grant-type:jwt-bearer": jwtBearer,
  refresh_token: refresh,
};

/** `POST /token` (RFC 6749 §3.2), with Google's two grants and refusals. */
export async function answerTokenRequest(endpoint: TokenEndpoint, exchange: Exchange): Promise<Reply> {
  try {
    const contentType = parseMediaType(exchange.headers["content-type"] ?? "");
    if (contentType?.type !== "application/x-www-form-urlencoded") throw new OAuthError("contentType");
    const form = new URLSearchParams((await readWhole(exchange.body)).toString("utf8"));
    const grant = grants[form.get("grant_type") ?? ""];
    if (grant === undefined) throw new OAuthError("grantType");
    return jsonReply(grant(endpoint, form));
  } catch (error) {
    if (error instanceof OAuthError) return oauthErrorReply(error);
    throw error;
  }
}

function jwtBearer(endpoint: TokenEndpoint, form: URLSearchParams): object {
  const jwt = parseJwt(required(form, "assertion"));
  const recorded = recordAssertion(jwt);
  endpoint.assertions.push(recorded);
  const judge = {
    accounts: endpoint.accounts,
    audiences: endpoint.audiences(),
    now: Math.floor(endpoint.settings.now() / 1000),
  };
  try {
    const accepted = judgeAssertion(jwt, judge);
    return tokenAnswer(endpoint, accepted.account, accepted.scopes);
  } catch (error) {
    if (error instanceof OAuthError) recorded.outcome = error.errorName;
    throw error;
  }
}

const refusals: Readonly<Record<AuthorizedUser["state"], OAuthErrorName | undefined>> = {
  active: undefined,
  revoked: "refreshTokenRevoked",
  invalid_rapt: "reauthentication",
  "deleted-client": "clientDeleted",
};

function refresh(endpoint: TokenEndpoint, form: URLSearchParams): object {
  const user = endpoint.accounts.users.get(required(form, "client_id"));
  if (user === undefined) throw new OAuthError("clientNotFound");
  if (required(form, "client_secret") !== user.clientSecret) throw new OAuthError("clientSecret");
  if (required(form, "refresh_token") !== user.refreshToken) throw new OAuthError("refreshTokenUnknown");
  const refusal = refusals[user.state];
  if (refusal !== undefined) throw new OAuthError(refusal);
  const settings = endpoint.settings.current();
  if (settings.rotateRefreshTokens) user.refreshToken = newRefreshToken();
  return {
    ...tokenAnswer(endpoint, user, user.scopes),
    scope: user.scopes.join(" "),
    ...(settings.idToken ? { id_token: "e30.e30.e30" } : {}),
    ...(settings.rotateRefreshTokens ? { refresh_token: user.refreshToken } : {}),
  };
}

function tokenAnswer(endpoint: TokenEndpoint, principal: Principal, scopes: readonly string[]): object {
  const settings = endpoint.settings.current();
  const expires = endpoint.settings.now() + settings.expiresIn * 1000;
  const token = endpoint.tokens.issue({ principal, scopes, expires });
  return { access_token: token, ...expiresIn(settings), token_type: "Bearer" };
}

function expiresIn(settings: EmulatorSettings): object {
  if (settings.expiresInForm === "missing") return {};
  return { expires_in: settings.expiresInForm === "string" ? String(settings.expiresIn) : settings.expiresIn };
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") throw new OAuthError("missingParameter", name);
  return value;
}
