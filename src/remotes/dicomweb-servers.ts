import type { Credentials } from "../http/credentials.ts";
import type { WebService, WebServices } from "./web-service.ts";

/** A remote DICOMweb server, as configured, put by REST, or registered by a plugin. */
export interface DicomWebServer extends WebService {
  readonly hasDelete: boolean;
  readonly chunkedTransfers: boolean;
  readonly hasWadoRsUniversalTransferSyntax: boolean;
  /** Where tokens come from, pulled per request; never stored, never shown. */
  readonly credentials?: Credentials;
}

/** The remote DICOMweb servers of this server; kept in the database when `ServersInDatabase`, but for those with `credentials`. */
export type DicomWebServers = WebServices<DicomWebServer>;
