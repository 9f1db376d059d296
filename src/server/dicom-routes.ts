import type { Route } from "../http/route.ts";
import { modalitiesRoutes } from "../rest/modalities-routes.ts";
import { modalityFindRoutes } from "../rest/modality-find-routes.ts";
import { modalityQueryRoutes } from "../rest/modality-query-routes.ts";
import { modalityRetrieveRoutes } from "../rest/modality-retrieve-routes.ts";
import { modalityStoreRoutes } from "../rest/modality-store-routes.ts";
import { queriesRoutes } from "../rest/queries-routes.ts";
import { storageCommitmentRoutes } from "../rest/storage-commitment-routes.ts";
import type { DicomRemotes } from "./dicom-remotes.ts";
import type { RouteParts } from "./routes.ts";

/** The routes that reach DICOM modalities. */
export function dicomRoutes(
  { configuration, encoding, logs, ...parts }: RouteParts,
  remotes: DicomRemotes,
): readonly Route[] {
  const common = {
    ...parts,
    ...remotes,
    scu: { associations: remotes.associations, defaultCharset: () => encoding.charset() },
    commitment: { associations: remotes.associations, reports: remotes.reports },
    echoChecksFind: configuration.DicomEchoChecksFind,
    transcodes: configuration.TranscodeDicomProtocol,
    logExports: configuration.LogExportedResources,
    defaultRetrieveMethod: configuration.DicomDefaultRetrieveMethod,
    log: logs.category("dicom"),
  };
  return [
    ...modalitiesRoutes(common),
    ...modalityFindRoutes(common),
    ...modalityQueryRoutes(common),
    ...modalityRetrieveRoutes(common),
    ...modalityStoreRoutes(common),
    ...queriesRoutes(common),
    ...storageCommitmentRoutes(common),
  ];
}
