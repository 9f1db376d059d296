import type { KeyObject } from "node:crypto";

/** The two kinds of account, as the routes print them. */
export type CredentialKind = "service-account" | "authorized-user";

/** Where Google's OAuth server listens, also the audience of assertions sent to it. */
export const googleTokenUri = "https://oauth2.googleapis.com/token";

/** A service account's key: signs its own assertions (RFC 7523). */
export interface ServiceAccountKey {
  readonly kind: "service-account";
  readonly clientEmail: string;
  readonly privateKey: KeyObject;
  readonly privateKeyId: string | undefined;
  readonly tokenUri: string;
  readonly quotaProject: string | undefined;
}

/** A person's consent, kept as a refresh token (RFC 6749 §6). */
export interface AuthorizedUser {
  readonly kind: "authorized-user";
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly tokenUri: string;
  readonly quotaProject: string | undefined;
  /** E-mail address, where the file tells it. */
  readonly account: string | undefined;
}

export type Credential = ServiceAccountKey | AuthorizedUser;

/** Whose credential it is, without any secret. */
export function identityOf(credential: Credential): string {
  return credential.kind === "service-account" ? credential.clientEmail : (credential.account ?? credential.clientId);
}

/** Texts that must not appear in any message, should a server send them back. */
export function secretsOf(credential: Credential): readonly string[] {
  return credential.kind === "service-account" ? [] : [credential.clientSecret, credential.refreshToken];
}
