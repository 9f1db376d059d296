import type { Exchange, Reply, RouteName, Row } from "../http/exchange.ts";
import { GoogleError } from "../http/google-error.ts";
import type { Permission } from "../oauth/accounts.ts";
import { requireGrant } from "../oauth/bearer.ts";
import type { IssuedTokens } from "../oauth/issued-tokens.ts";
import type { LiveSettings } from "../settings.ts";
import { retrieveBulkdata } from "./bulkdata.ts";
import { deleteInstance, deleteMany } from "./delete.ts";
import type { DicomStore } from "./dicom-store.ts";
import { retrieveFrames } from "./frames.ts";
import { retrieveMetadata } from "./metadata.ts";
import type { Operations } from "./operations.ts";
import { searchAt } from "./qido.ts";
import type { Quota } from "./quota.ts";
import type { Spool } from "./spool.ts";
import type { StoreRequest } from "./store-request.ts";
import { store, upsert } from "./stow.ts";
import { retrieveInstance, retrieveMany } from "./wado.ts";

/** What the DICOMweb surface stands on. */
export interface DicomWebParts {
  /** By their full names. */
  readonly stores: ReadonlyMap<string, DicomStore>;
  readonly tokens: IssuedTokens;
  readonly settings: LiveSettings;
  readonly spool: Spool;
  readonly operations: Operations;
  readonly quota: Quota;
  /** Scheme, host and port. */
  origin(): string;
}

interface Resource {
  readonly method: string;
  readonly path: string;
  readonly route: RouteName;
  readonly permission: Permission;
  readonly handle: (request: StoreRequest) => Reply | Promise<Reply>;
}

const study = "/studies/{study}";
const series = `${study}/series/{series}`;
const instance = `${series}/instances/{instance}`;

const resource = (
  method: string,
  path: string,
  route: RouteName,
  handle: Resource["handle"],
): Omit<Resource, "permission"> => ({ method, path, route, handle });

const byPermission: Readonly<Record<Permission, readonly Omit<Resource, "permission">[]>> = {
  dicomWebWrite: [
    resource("POST", "/studies", "stow", store),
    resource("POST", study, "stow", store),
    resource("PUT", "/studies", "stow", upsert),
    resource("PUT", study, "stow", upsert),
  ],
  dicomWebRead: [
    resource("GET", "/studies", "qido", searchAt("study")),
    resource("GET", "/series", "qido", searchAt("series")),
    resource("GET", "/instances", "qido", searchAt("instance")),
    resource("GET", `${study}/series`, "qido", searchAt("series")),
    resource("GET", `${study}/instances`, "qido", searchAt("instance")),
    resource("GET", `${series}/instances`, "qido", searchAt("instance")),
    resource("GET", study, "wado", retrieveMany),
    resource("GET", series, "wado", retrieveMany),
    resource("GET", instance, "wado", retrieveInstance),
    resource("GET", `${study}/metadata`, "metadata", retrieveMetadata),
    resource("GET", `${series}/metadata`, "metadata", retrieveMetadata),
    resource("GET", `${instance}/metadata`, "metadata", retrieveMetadata),
    resource("GET", `${instance}/frames/{frames}`, "frames", retrieveFrames),
    resource("GET", `${instance}/bulkdata/{path...}`, "bulkdata", retrieveBulkdata),
  ],
  dicomWebDelete: [
    resource("DELETE", study, "delete", deleteMany),
    resource("DELETE", series, "delete", deleteMany),
    resource("DELETE", instance, "delete", deleteInstance),
  ],
};

const surface = "/{version}/projects/{P}/locations/{L}/datasets/{D}/dicomStores/{S}/dicomWeb";
const versions = new Set(["v1", "v1beta1", "v1alpha2"]);

/** The rows of the DICOMweb surface of every store, each behind token, permission and quota, and of operations. */
export function dicomWebRows(parts: DicomWebParts): Row[] {
  const rows = Object.entries(byPermission).flatMap(([permission, resources]) =>
    resources.map((found) => ({
      route: found.route,
      method: found.method,
      path: surface + found.path,
      handle: (exchange: Exchange) => found.handle(admit(parts, exchange, permission)),
    })),
  );
  const operation: Row = {
    route: "operation",
    method: "GET",
    path: "/{version}/projects/{operation...}",
    handle: (exchange) => {
      requireGrant(parts.tokens, exchange.headers, parts.settings.now());
      return parts.operations.poll(`projects/${exchange.parameters["operation"] ?? ""}`);
    },
  };
  return [...rows, operation];
}

/** Google's order: who are you, may you, and only then what is there. A store that is not there is a 403. */
function admit(parts: DicomWebParts, exchange: Exchange, permission: string): StoreRequest {
  const { version = "", P = "", L = "", D = "", S = "", study, series, instance } = exchange.parameters;
  const grant = requireGrant(parts.tokens, exchange.headers, parts.settings.now());
  if (!versions.has(version)) throw new GoogleError("NOT_FOUND", "Method not found.");
  const name = `projects/${P}/locations/${L}/datasets/${D}/dicomStores/${S}`;
  const found = parts.stores.get(name);
  if (found === undefined || !grant.principal.permissions.some((held) => held === permission)) {
    throw new GoogleError(
      "PERMISSION_DENIED",
      `Permission healthcare.dicomStores.${permission} denied on resource ${name} (or it may not exist).`,
    );
  }
  parts.quota(P, L);
  parts.operations.settle();
  return {
    ...exchange,
    store: found,
    version,
    baseUrl: `${parts.origin()}/${version}/${name}/dicomWeb`,
    selection: {
      ...(study === undefined ? {} : { study }),
      ...(series === undefined ? {} : { series }),
      ...(instance === undefined ? {} : { instance }),
    },
    settings: parts.settings,
    spool: parts.spool,
    operations: parts.operations,
  };
}
