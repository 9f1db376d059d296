import { generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";

/** IAM permissions that the DICOMweb surface asks for. */
export type Permission = "dicomWebRead" | "dicomWebWrite" | "dicomWebDelete";

const allPermissions: readonly Permission[] = ["dicomWebRead", "dicomWebWrite", "dicomWebDelete"];

/** Someone who can hold a token. */
export interface Principal {
  /** Mail address of a service account, client id of a user. */
  readonly name: string;
  readonly permissions: readonly Permission[];
}

export interface ServiceAccount extends Principal {
  /** By `private_key_id`. */
  readonly keys: Map<string, KeyObject>;
  state: "active" | "deleted" | "unauthorized";
}

export interface AuthorizedUser extends Principal {
  readonly clientSecret: string;
  refreshToken: string;
  readonly scopes: readonly string[];
  state: "active" | "revoked" | "invalid_rapt" | "deleted-client";
}

/** A service account's key file, as Google Cloud's console gives it. */
export interface ServiceAccountKeyFile {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

/** A user's file of application-default credentials, with the emulator's `token_uri`. */
export interface AuthorizedUserFile {
  readonly type: "authorized_user";
  readonly client_id: string;
  readonly client_secret: string;
  readonly refresh_token: string;
  readonly token_uri: string;
}

export interface NewServiceAccount {
  readonly project?: string;
  /** Part of the mail address before the @. */
  readonly name?: string;
  readonly permissions?: readonly Permission[];
}

export interface NewAuthorizedUser {
  readonly permissions?: readonly Permission[];
  readonly scopes?: readonly string[];
}

/** Who is known. */
export interface Accounts {
  readonly serviceAccounts: Map<string, ServiceAccount>;
  readonly users: Map<string, AuthorizedUser>;
}

export function createAccounts(): Accounts {
  return { serviceAccounts: new Map(), users: new Map() };
}

/** Registers a service account with a new key of 2048 bits, or one more key for an account of the same name. */
export function addServiceAccount(
  accounts: Accounts,
  tokenUri: string,
  wanted: NewServiceAccount,
): ServiceAccountKeyFile {
  const project = wanted.project ?? "emulated-project";
  const email = `${wanted.name ?? `emulated-${randomBytes(4).toString("hex")}`}@${project}.iam.gserviceaccount.com`;
  const keyIdentifier = randomBytes(20).toString("hex");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const known = accounts.serviceAccounts.get(email);
  if (known === undefined) {
    const permissions = wanted.permissions ?? allPermissions;
    accounts.serviceAccounts.set(email, {
      name: email,
      permissions,
      keys: new Map([[keyIdentifier, publicKey]]),
      state: "active",
    });
  } else known.keys.set(keyIdentifier, publicKey);
  return {
    type: "service_account",
    project_id: project,
    private_key_id: keyIdentifier,
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    client_email: email,
    client_id: String(100_000_000_000 + randomBytes(4).readUInt32BE()),
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: tokenUri,
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(email)}`,
    universe_domain: "googleapis.com",
  };
}

/** Registers a user with a new client and refresh token. */
export function addAuthorizedUser(accounts: Accounts, tokenUri: string, wanted: NewAuthorizedUser): AuthorizedUserFile {
  const user: AuthorizedUser = {
    name: `${randomBytes(6).readUIntBE(0, 6)}-${randomBytes(16).toString("hex")}.apps.googleusercontent.com`,
    permissions: wanted.permissions ?? allPermissions,
    clientSecret: `GOCSPX-${randomBytes(21).toString("base64url")}`,
    refreshToken: newRefreshToken(),
    scopes: wanted.scopes ?? ["https://www.googleapis.com/auth/cloud-platform"],
    state: "active",
  };
  accounts.users.set(user.name, user);
  return {
    type: "authorized_user",
    client_id: user.name,
    client_secret: user.clientSecret,
    refresh_token: user.refreshToken,
    token_uri: tokenUri,
  };
}

export function newRefreshToken(): string {
  return `1//${randomBytes(64).toString("base64url")}`;
}
