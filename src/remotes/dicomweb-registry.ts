import type { Catalog } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebServer, DicomWebServers } from "./dicomweb-servers.ts";
import { dicomWebServerDefinition, parseDicomWebServer } from "./dicomweb-server-definition.ts";

/** The name of the catalog's property that keeps the servers (`ServersInDatabase`). */
const propertyName = "dicom-web-servers";

export interface RegistryParts {
  /** `DicomWeb.Servers` as written in the configuration. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** Given when `ServersInDatabase`: what it holds goes before the configuration, which only fills it the first time. */
  readonly database?: Pick<Catalog, "property" | "setProperty">;
}

/**
 * The servers of the configuration or of the database, and those registered later.
 * @throws ServerError BadFileFormat for a definition that cannot be read
 */
export async function createDicomWebServers(parts: RegistryParts): Promise<DicomWebServers> {
  const { database } = parts;
  const saved = await database?.property(propertyName);
  const definitions = saved === undefined ? parts.configured : savedDefinitions(saved);
  const servers = new Map(
    Object.entries(definitions).map(([name, definition]) => [name, parseDicomWebServer(name, definition)]),
  );

  const save = async (): Promise<void> => {
    const kept = [...servers].filter(([, server]) => server.credentials === undefined);
    const text = JSON.stringify(
      Object.fromEntries(kept.map(([name, server]) => [name, dicomWebServerDefinition(server)])),
    );
    await database?.setProperty(propertyName, text);
  };

  return {
    names: () => [...servers.keys()].toSorted(),
    get: (name) => servers.get(name),
    put: async (name, server: DicomWebServer) => {
      servers.set(name, server);
      await save();
    },
    delete: async (name) => {
      const known = servers.delete(name);
      if (known) {
        await save();
      }
      return known;
    },
  };
}

function savedDefinitions(text: string): Record<string, unknown> {
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== "object" || saved === null) {
    throw new ServerError("Database", `the property ${propertyName} is no JSON object`);
  }
  return { ...saved };
}
