import type { Route } from "../http/route.ts";
import type { QueryKeys } from "../remotes/query-identifier.ts";
import { acceptedByDicomRoutes } from "../rest/accepted-by-dicom-routes.ts";
import { modalitiesRoutes } from "../rest/modalities-routes.ts";
import { modalityFindRoutes } from "../rest/modality-find-routes.ts";
import { modalityQueryRoutes } from "../rest/modality-query-routes.ts";
import { modalityRetrieveRoutes } from "../rest/modality-retrieve-routes.ts";
import { modalityStoreRoutes } from "../rest/modality-store-routes.ts";
import { queriesRoutes } from "../rest/queries-routes.ts";
import { storageCommitmentRoutes } from "../rest/storage-commitment-routes.ts";
import { filterKeys } from "./lua.ts";
import type { RouteParts } from "./routes.ts";

/** The routes that reach DICOM modalities. */
export function dicomRoutes({
  configuration,
  encoding,
  logs,
  dicomRemotes,
  lua,
  ...parts
}: RouteParts): readonly Route[] {
  const { associations, reports } = dicomRemotes;
  const common = {
    ...parts,
    ...dicomRemotes,
    scu: { associations, defaultCharset: () => encoding.charset() },
    commitment: { associations, reports },
    echoChecksFind: configuration.DicomEchoChecksFind,
    transcodes: configuration.TranscodeDicomProtocol,
    logExports: configuration.LogExportedResources,
    defaultRetrieveMethod: configuration.DicomDefaultRetrieveMethod,
    filterKeys: (keys: QueryKeys, aet: string) => filterKeys(lua.filters, keys, aet),
    log: logs.category("dicom"),
  };
  return [
    ...acceptedByDicomRoutes(parts),
    ...modalitiesRoutes(common),
    ...modalityFindRoutes(common),
    ...modalityQueryRoutes(common),
    ...modalityRetrieveRoutes(common),
    ...modalityStoreRoutes(common),
    ...queriesRoutes(common),
    ...storageCommitmentRoutes(common),
  ];
}
