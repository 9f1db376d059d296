import { generateKeyPairSync } from "node:crypto";
import { parseCredentialFile } from "../credential-file.ts";
import type { Credential } from "../credential.ts";
import { isObject } from "../json-fields.ts";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const publicKey = pair.publicKey;

/** With the fields that Google's console writes. */
export const serviceAccountFile = {
  type: "service_account",
  project_id: "harbour-archive",
  private_key_id: "4f6c2d",
  private_key: pair.privateKey,
  client_email: "greyhaven@harbour-archive.iam.gserviceaccount.com",
  client_id: "110000000000000000001",
  auth_uri: "https://accounts.google.com/o/oauth2/auth",
  token_uri: "https://oauth2.googleapis.com/token",
  universe_domain: "googleapis.com",
};

/** As `gcloud auth application-default login` writes it today. */
export const applicationDefaultFile = {
  account: "reader@harbour.example",
  client_id: "764086051850-sample.apps.googleusercontent.com",
  client_secret: "d-SECRET-of-the-client",
  quota_project_id: "harbour-billing",
  refresh_token: "1//SECRET-refresh-token",
  type: "authorized_user",
  universe_domain: "googleapis.com",
};

/** As `gcloud auth print-access-token --format json` printed it until 2020: no `type`. */
export const oldGcloudFile = {
  _class: "OAuth2Credentials",
  _module: "oauth2client.client",
  access_token: "ya29.SECRET-old",
  client_id: "32555940559.apps.googleusercontent.com",
  client_secret: "ZmssLN-SECRET",
  id_token_jwt: null,
  invalid: false,
  refresh_token: "1/SECRET-old-refresh",
  revoke_uri: "https://accounts.google.com/o/oauth2/revoke",
  scopes: ["https://www.googleapis.com/auth/cloud-platform"],
  token_expiry: "2019-08-22T08:03:55Z",
  token_response: { access_token: "ya29.SECRET-old", expires_in: 3600 },
  token_uri: "https://www.googleapis.com/oauth2/v4/token",
  user_agent: "Cloud SDK Command Line Tool",
};

export const serviceAccount: Credential = credentialOf("ServiceAccountFile", serviceAccountFile);
export const authorizedUser: Credential = credentialOf("AuthorizedUserFile", applicationDefaultFile);

function credentialOf(option: "ServiceAccountFile" | "AuthorizedUserFile", file: object): Credential {
  const parsed = parseCredentialFile(option, "sample.json", JSON.stringify(file));
  if ("problem" in parsed) {
    throw new Error(parsed.problem.reason);
  }
  return parsed.credential;
}

/** The three parts of a compact JWT, decoded. */
export function decodeJwt(jwt: string): {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  signed: string;
  signature: Buffer;
} {
  const [header = "", claims = "", signature = ""] = jwt.split(".");
  return {
    header: decodePart(header),
    claims: decodePart(claims),
    signed: `${header}.${claims}`,
    signature: Buffer.from(signature, "base64url"),
  };
}

function decodePart(part: string): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
  return isObject(value) ? value : {};
}
