import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { googleTokenUri } from "./credential.ts";
import type { AuthorizedUser, Credential, ServiceAccountKey } from "./credential.ts";
import { isObject, parseHttpUrl, parseJson, textField } from "./json-fields.ts";
import { misconfigured } from "./problem.ts";
import type { Problem } from "./problem.ts";

export type FileOption = "ServiceAccountFile" | "AuthorizedUserFile";
export type Parsed<T> = { readonly credential: T } | { readonly problem: Problem };

type Fields = Record<string, unknown>;

const login = "run `gcloud auth application-default login` and use the file that it writes";
const createKey = "create a key of type JSON for the service account in the Google console";

interface FileKind {
  readonly what: string;
  recognise(fields: Fields): boolean;
  /** What to do when such a file stands under the option; absent where it belongs. */
  readonly remedy: Partial<Record<FileOption, string>>;
}

/** JSON files that Google's tools write, from the most to the least telling mark. */
const fileKinds: readonly FileKind[] = [
  {
    what: "a federated or delegated identity",
    recognise: (fields) => /^(external_account|impersonated|gdch)/.test(textField(fields, "type") ?? ""),
    remedy: {
      ServiceAccountFile: `this kind is not supported: ${createKey}`,
      AuthorizedUserFile: `this kind is not supported: ${login}`,
    },
  },
  {
    what: "a service account's key",
    recognise: (fields) => fields["type"] === "service_account" || "private_key" in fields,
    remedy: { AuthorizedUserFile: "name it under ServiceAccountFile instead" },
  },
  {
    what: "a user's credentials",
    recognise: (fields) => fields["type"] === "authorized_user" || "refresh_token" in fields,
    remedy: { ServiceAccountFile: "name it under AuthorizedUserFile instead" },
  },
  {
    what: "an OAuth client's definition, not a user's consent",
    recognise: (fields) => isObject(fields["installed"]) || isObject(fields["web"]),
    remedy: { ServiceAccountFile: createKey, AuthorizedUserFile: login },
  },
  {
    what: "a bare access token, which cannot be renewed (what today's `gcloud auth print-access-token` prints)",
    recognise: (fields) => "token" in fields || "access_token" in fields,
    remedy: { ServiceAccountFile: createKey, AuthorizedUserFile: login },
  },
];

/**
 * Reads the text of the file named under `option`. `type` is not required (old gcloud files have none), a `token_uri`
 * may be absent. `file` (the path) is for the messages, which never quote the content.
 */
export function parseCredentialFile(option: FileOption, file: string, text: string): Parsed<Credential> {
  const where = `${option} "${file}"`;
  const fields = parseJson(text);
  if (!isObject(fields)) {
    const remedy = option === "ServiceAccountFile" ? createKey : login;
    return { problem: misconfigured("file", `${where} is not a JSON object`, remedy) };
  }
  const kind = fileKinds.find((kind) => kind.recognise(fields));
  const remedy = kind?.remedy[option];
  if (kind !== undefined && remedy !== undefined) {
    return { problem: misconfigured("file", `${where} holds ${kind.what}`, remedy) };
  }
  const tokenUri = fields["token_uri"] ?? googleTokenUri;
  if (typeof tokenUri !== "string" || parseHttpUrl(tokenUri) === undefined) {
    return { problem: misconfigured("file", `token_uri of ${where} is no http(s) URL`, "correct or remove it") };
  }
  return option === "ServiceAccountFile"
    ? serviceAccountKey(fields, where, tokenUri)
    : authorizedUser(fields, where, tokenUri);
}

function serviceAccountKey(fields: Fields, where: string, tokenUri: string): Parsed<ServiceAccountKey> {
  const clientEmail = textField(fields, "client_email");
  const pem = textField(fields, "private_key");
  if (clientEmail === undefined || pem === undefined) {
    return { problem: missingFields(fields, ["client_email", "private_key"], where, createKey) };
  }
  const privateKey = readRsaKey(pem);
  if (privateKey === undefined) {
    return { problem: misconfigured("key", `private_key of ${where} is no RSA private key in PEM`, createKey) };
  }
  return {
    credential: {
      kind: "service-account",
      clientEmail,
      privateKey,
      privateKeyId: textField(fields, "private_key_id"),
      tokenUri,
      quotaProject: textField(fields, "quota_project_id"),
    },
  };
}

/** A key that went through an environment variable often has `\n` spelled out. */
function readRsaKey(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem.replaceAll("\\n", "\n"));
    return key.asymmetricKeyType === "rsa" ? key : undefined;
  } catch {
    return undefined;
  }
}

function authorizedUser(fields: Fields, where: string, tokenUri: string): Parsed<AuthorizedUser> {
  const clientId = textField(fields, "client_id");
  const clientSecret = textField(fields, "client_secret");
  const refreshToken = textField(fields, "refresh_token");
  if (clientId === undefined || clientSecret === undefined || refreshToken === undefined) {
    return { problem: missingFields(fields, ["client_id", "client_secret", "refresh_token"], where, login) };
  }
  return {
    credential: {
      kind: "authorized-user",
      clientId,
      clientSecret,
      refreshToken,
      tokenUri,
      quotaProject: textField(fields, "quota_project_id"),
      account: textField(fields, "account"),
    },
  };
}

function missingFields(fields: Fields, needed: readonly string[], where: string, remedy: string): Problem {
  const missing = needed.filter((name) => textField(fields, name) === undefined);
  return misconfigured("key", `${where} has no ${missing.join(", no ")}`, remedy);
}
