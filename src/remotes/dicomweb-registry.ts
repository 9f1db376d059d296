import type { DicomWebServer, DicomWebServers } from "./dicomweb-servers.ts";
import { dicomWebServerDefinition, parseDicomWebServer } from "./dicomweb-server-definition.ts";
import { createWebServices, type WebServicesParts } from "./web-services-registry.ts";

/** `configured`: `DicomWeb.Servers` as written in the configuration; `database` when `ServersInDatabase`. */
export type RegistryParts = Pick<WebServicesParts<DicomWebServer>, "configured" | "database">;

/**
 * The servers of the configuration or of the database, and those registered later.
 * @throws ServerError BadFileFormat for a definition that cannot be read
 */
export async function createDicomWebServers(parts: RegistryParts): Promise<DicomWebServers> {
  return await createWebServices({
    ...parts,
    propertyName: "dicom-web-servers",
    parse: parseDicomWebServer,
    definition: (server) => (server.credentials === undefined ? dicomWebServerDefinition(server) : undefined),
  });
}
