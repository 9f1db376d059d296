import type { Route } from "../http/route.ts";
import { timed } from "./performance-log.ts";
import { infoRoutes } from "./info.ts";
import { type QidoParts, qidoRoutes } from "./qido.ts";
import { type RenderedParts, renderedRoutes } from "./rendered.ts";
import { type ServersJobsParts, serversJobsRoutes } from "./servers-jobs.ts";
import { type ServersRequestsParts, serversRequestsRoutes } from "./servers-requests.ts";
import { type ServersParts, serversRoutes } from "./servers.ts";
import { type StowParts, stowRoutes } from "./stow.ts";
import { type WadoBulkdataParts, wadoBulkdataRoutes } from "./wado-bulkdata.ts";
import { type WadoFramesParts, wadoFramesRoutes } from "./wado-frames.ts";
import { type WadoMetadataParts, wadoMetadataRoutes } from "./wado-metadata.ts";
import { type WadoRetrieveParts, wadoRetrieveRoutes } from "./wado-retrieve.ts";

export type DicomWebServerParts = QidoParts &
  StowParts &
  WadoRetrieveParts &
  WadoMetadataParts &
  WadoFramesParts &
  RenderedParts &
  WadoBulkdataParts;

/** This server as others see it: QIDO-RS, STOW-RS and WADO-RS. */
export function dicomWebServerRoutes(parts: DicomWebServerParts): readonly Route[] {
  const routes = [
    ...infoRoutes(parts),
    ...qidoRoutes(parts),
    ...stowRoutes(parts),
    ...wadoRetrieveRoutes(parts),
    ...wadoMetadataRoutes(parts),
    ...wadoFramesRoutes(parts),
    ...renderedRoutes(parts),
    ...wadoBulkdataRoutes(parts),
  ];
  return parts.options.performanceLogs ? routes.map((route) => timed(route, parts.log)) : routes;
}

export type DicomWebClientParts = ServersParts & ServersRequestsParts & ServersJobsParts;

/** Other servers as this one sees them. */
export function dicomWebClientRoutes(parts: DicomWebClientParts): readonly Route[] {
  return [...serversRoutes(parts), ...serversRequestsRoutes(parts), ...serversJobsRoutes(parts)];
}
