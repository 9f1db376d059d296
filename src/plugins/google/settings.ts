import { ServerError } from "../../plugin-api.ts";
import { isObject, parseHttpUrl, textField } from "./json-fields.ts";
import { misconfigured } from "./problem.ts";
import type { Problem } from "./problem.ts";

/** Where an account's credential comes from, in the order of precedence of Orthanc's plugin. */
export type CredentialSource =
  | { readonly from: "ServiceAccountFile" | "AuthorizedUserFile"; readonly path: string }
  | {
      readonly from: "configuration";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly refreshToken: string;
    }
  | { readonly from: "nowhere"; readonly problem: Problem };

export interface AccountSettings {
  readonly name: string;
  /** Base of the store's DICOMweb, with a trailing slash; undefined when the store is not fully named. */
  readonly url: string | undefined;
  readonly source: CredentialSource;
}

export interface GoogleSettings {
  /** Seconds a token request, or a request waiting for a token, may take. */
  readonly timeout: number;
  /** Seconds between two looks at an account's state at the longest. */
  readonly refreshInterval: number;
  readonly accounts: readonly AccountSettings[];
}

const defaultBaseUrl = "https://healthcare.googleapis.com/v1beta1/";
const defaultSeconds = 60;
const storeOptions = ["Project", "Location", "Dataset", "DicomStore"] as const;
const secretOptions = ["AuthorizedUserClientId", "AuthorizedUserClientSecret", "AuthorizedUserRefreshToken"] as const;

type Fields = Record<string, unknown>;

/**
 * Reads section `GoogleCloudPlatform`; no section means no accounts. A wrong account keeps its problem as its
 * source, so that the others and the server go on; a wrong option of the section itself throws `BadFileFormat`.
 */
export function parseSettings(section: unknown): GoogleSettings {
  const fields = section ?? {};
  if (!isObject(fields)) {
    throw new ServerError("BadFileFormat", "GoogleCloudPlatform: expected an object");
  }
  const accounts = fields["Accounts"] ?? {};
  if (!isObject(accounts)) {
    throw new ServerError("BadFileFormat", "GoogleCloudPlatform.Accounts: expected an object of accounts by name");
  }
  const baseUrl = parseHttpUrl(textField(fields, "BaseUrl") ?? defaultBaseUrl);
  if (baseUrl === undefined) {
    throw new ServerError("BadFileFormat", `GoogleCloudPlatform.BaseUrl: expected a URL such as ${defaultBaseUrl}`);
  }
  return {
    timeout: seconds(fields, "Timeout"),
    refreshInterval: seconds(fields, "RefreshInterval"),
    accounts: Object.entries(accounts).map(([name, account]) => parseAccount(name, account, baseUrl)),
  };
}

/** As in Orthanc's plugin, 0 stands for the default. */
function seconds(fields: Fields, option: string): number {
  const value = fields[option] ?? 0;
  if (typeof value !== "number" || !Number.isFinite(value) || value < 0) {
    throw new ServerError("BadFileFormat", `GoogleCloudPlatform.${option}: expected seconds, 0 or more`);
  }
  return value === 0 ? defaultSeconds : value;
}

function parseAccount(name: string, account: unknown, baseUrl: URL): AccountSettings {
  if (!isObject(account)) {
    const source = nowhere("the account is not an object", `give it ${storeOptions.join(", ")} and credentials`);
    return { name, url: undefined, source };
  }
  const option = storeOptions.find((option) => storeOption(account, option) === undefined);
  if (option !== undefined) {
    const found = account[option] === undefined ? "missing" : "not a name";
    const source = nowhere(`option ${option} is ${found}`, `set ${option} as the path of the DICOM store has it`);
    return { name, url: undefined, source };
  }
  return { name, url: storeUrl(account, baseUrl), source: parseSource(account) };
}

/** A path segment of dots would climb out of the store's URL, even percent-encoded. */
function storeOption(account: Fields, option: string): string | undefined {
  const value = textField(account, option);
  return value === "." || value === ".." ? undefined : value;
}

function storeUrl(account: Fields, baseUrl: URL): string {
  const [project, location, dataset, store] = storeOptions.map((option) =>
    encodeURIComponent(storeOption(account, option) ?? ""),
  );
  const base = baseUrl.href.endsWith("/") ? baseUrl.href : `${baseUrl.href}/`;
  return `${base}projects/${project}/locations/${location}/datasets/${dataset}/dicomStores/${store}/dicomWeb/`;
}

function parseSource(account: Fields): CredentialSource {
  for (const from of ["ServiceAccountFile", "AuthorizedUserFile"] as const) {
    if (account[from] !== undefined) {
      const path = textField(account, from);
      return path === undefined
        ? nowhere(`option ${from} is not a path`, "give the path of a JSON file")
        : { from, path };
    }
  }
  const [clientId, clientSecret, refreshToken] = secretOptions.map((option) => textField(account, option));
  if (clientId !== undefined && clientSecret !== undefined && refreshToken !== undefined) {
    return { from: "configuration", clientId, clientSecret, refreshToken };
  }
  const missing = secretOptions.filter((option) => textField(account, option) === undefined);
  return missing.length === secretOptions.length
    ? nowhere("no credentials are given", `set ServiceAccountFile, AuthorizedUserFile, or ${secretOptions.join(" + ")}`)
    : nowhere(`option ${missing.join(" and ")} is missing`, "the three AuthorizedUser… options go together");
}

function nowhere(reason: string, remedy: string): CredentialSource {
  return { from: "nowhere", problem: misconfigured("file", reason, remedy) };
}
