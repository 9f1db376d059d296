import { secretsOf } from "./credential.ts";
import type { Credential, CredentialKind } from "./credential.ts";
import { isObject, textField } from "./json-fields.ts";
import type { Layer, Problem, ProblemState } from "./problem.ts";
import { shortLine } from "./short-line.ts";

/** An OAuth error answer (RFC 6749 §5.2), as Google writes it. */
export interface OAuthError {
  readonly error: string;
  readonly description: string;
  readonly subtype: string;
}

interface OAuthRow {
  readonly kind?: CredentialKind;
  /** Matched against `error error_subtype: error_description`. */
  readonly says: RegExp;
  readonly state: ProblemState;
  readonly layer: Layer;
  readonly remedy: string;
}

const newConsent = "run `gcloud auth application-default login` again and replace the file or the refresh token";
const newKey = "create a new key for the service account and replace the file";

/** Google's refusals and what they mean; the first match counts. None of them is worth a retry. */
const oauthRows: readonly OAuthRow[] = [
  {
    kind: "service-account",
    says: /reasonable timeframe|\biat\b/i,
    state: "misconfigured",
    layer: "clock",
    remedy: "set this machine's clock (NTP), then refresh the account",
  },
  {
    says: /^invalid_grant.*audience/i,
    state: "misconfigured",
    layer: "token",
    remedy: "correct token_uri in the credential file",
  },
  { says: /^invalid_grant.*JWT Signature/i, state: "misconfigured", layer: "key", remedy: newKey },
  {
    says: /^invalid_grant.*account not found/i,
    state: "misconfigured",
    layer: "key",
    remedy: "check that the service account still exists, and use a key of one that does",
  },
  {
    says: /invalid_rapt/i,
    state: "needs-reauth",
    layer: "token",
    remedy: `the organisation asks people to sign in again: ${newConsent}; or use a service account`,
  },
  { kind: "authorized-user", says: /^invalid_grant/, state: "needs-reauth", layer: "token", remedy: newConsent },
  {
    kind: "authorized-user",
    says: /^(invalid|unauthorized|deleted)_client/,
    state: "misconfigured",
    layer: "key",
    remedy: `check the client's id and secret, or ${newConsent}`,
  },
  { says: /^(invalid|unauthorized|deleted|disabled)_client/, state: "misconfigured", layer: "key", remedy: newKey },
  {
    says: /^invalid_scope/,
    state: "misconfigured",
    layer: "token",
    remedy: "allow the scope cloud-platform to this account",
  },
];

const otherRefusal: Omit<OAuthRow, "says"> = {
  state: "misconfigured",
  layer: "token",
  remedy: "correct the credentials, then refresh the account",
};

/** What a parsed error answer says; undefined when it is neither OAuth's form nor that of Google's APIs. */
export function parseOAuthError(body: unknown): OAuthError | undefined {
  if (!isObject(body)) {
    return undefined;
  }
  const { error } = body;
  if (isObject(error)) {
    return {
      error: textField(error, "status") ?? "error",
      description: textField(error, "message") ?? "",
      subtype: "",
    };
  }
  return typeof error === "string"
    ? {
        error,
        description: textField(body, "error_description") ?? "",
        subtype: textField(body, "error_subtype") ?? "",
      }
    : undefined;
}

/** The problem behind a refusal with status 4xx by `host`. */
export function oauthProblem(refusal: OAuthError, credential: Credential, host: string): Problem {
  const { error, subtype, description } = refusal;
  const text = [[error, subtype].filter(Boolean).join(" "), description].filter(Boolean).join(": ");
  const reason = `${host} refused: ${shortLine(text, secretsOf(credential))}`;
  const row =
    oauthRows.find((row) => (row.kind ?? credential.kind) === credential.kind && row.says.test(text)) ?? otherRefusal;
  return { state: row.state, layer: row.layer, reason, remedy: row.remedy };
}
