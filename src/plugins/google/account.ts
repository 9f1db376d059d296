import type { Credentials, DicomWebServer } from "../../plugin-api.ts";
import type { CredentialKind } from "./credential.ts";
import type { HeldToken } from "./held-token.ts";
import type { AccountSettings, CredentialSource } from "./settings.ts";
import type { TokenSource } from "./token-source.ts";

/** A configured account while the server runs. */
export interface Account {
  readonly settings: AccountSettings;
  readonly source: TokenSource;
  readonly credentials: Credentials;
}

const scheme = "Bearer ";

/** The headers that let a request into Google's APIs, pulled anew for each. */
export function accountCredentials(source: TokenSource): Credentials {
  return {
    headers: async () => authorization(await source.token()),
    rejected: (given) => source.reject(given?.["Authorization"]?.slice(scheme.length)),
  };
}

function authorization(token: HeldToken): Record<string, string> {
  return {
    Authorization: `${scheme}${token.accessToken}`,
    ...(token.quotaProject !== undefined && { "X-Goog-User-Project": token.quotaProject }),
  };
}

/** The kind of credential that a source gives. */
export const credentialKinds: Readonly<Record<CredentialSource["from"], CredentialKind | undefined>> = {
  ServiceAccountFile: "service-account",
  AuthorizedUserFile: "authorized-user",
  configuration: "authorized-user",
  nowhere: undefined,
};

/** The account as a remote DICOMweb server; how long a transfer may take is left to `HttpTimeout`. */
export function dicomWebServer(url: string, credentials: Credentials): DicomWebServer {
  return {
    url,
    httpHeaders: {},
    pkcs11: false,
    timeout: 0,
    hasDelete: true,
    chunkedTransfers: true,
    hasWadoRsUniversalTransferSyntax: true,
    userProperties: {},
    credentials,
  };
}
