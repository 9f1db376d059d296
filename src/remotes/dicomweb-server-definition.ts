import type { DicomWebServer } from "./dicomweb-servers.ts";
import {
  flag,
  parseForm,
  publicWebService,
  webServiceForm,
  webServiceOf,
  webServiceShape,
} from "./web-service-definition.ts";

const shape = {
  ...webServiceShape,
  HasDelete: flag.default(false),
  ChunkedTransfers: flag.default(true),
  HasWadoRsUniversalTransferSyntax: flag.default(true),
};

/**
 * Reads the definition of a DICOMweb server: `[url]`, `[url, username, password]` or an object, as in `DicomWeb.Servers`.
 * @param name the server, to be named in errors
 * @throws ServerError BadFileFormat naming the key
 */
export function parseDicomWebServer(name: string, definition: unknown): DicomWebServer {
  const what = `DICOMweb server "${name}"`;
  const form = parseForm(what, shape, definition);
  return {
    ...webServiceOf(what, shape, form),
    hasDelete: form.HasDelete,
    chunkedTransfers: form.ChunkedTransfers,
    hasWadoRsUniversalTransferSyntax: form.HasWadoRsUniversalTransferSyntax,
  };
}

/** The object form of a server, passwords included: what the database keeps. Credentials of plugins have no place in it. */
export function dicomWebServerDefinition(server: DicomWebServer): Record<string, unknown> {
  return { ...webServiceForm(server), ...options(server), ...server.userProperties };
}

/** What clients may see of a server: passwords are null, of headers only the names are listed. */
export function publicDicomWebServer(server: DicomWebServer): Record<string, unknown> {
  return { ...publicWebService(server), ...options(server), ...server.userProperties };
}

function digit(value: boolean): string {
  return value ? "1" : "0";
}

function options(server: DicomWebServer): Record<string, string> {
  return {
    HasDelete: digit(server.hasDelete),
    ChunkedTransfers: digit(server.chunkedTransfers),
    HasWadoRsUniversalTransferSyntax: digit(server.hasWadoRsUniversalTransferSyntax),
  };
}
