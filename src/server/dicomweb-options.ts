import type { Configuration } from "../config/options.ts";
import { type DicomWebOptions, normalizedRoot } from "../dicomweb/options.ts";

/** The section `DicomWeb`, as its routes need it. */
export function dicomWebOptions({ DicomWeb: section }: Configuration): DicomWebOptions {
  return {
    root: normalizedRoot(section.Root),
    publicRoot: normalizedRoot(section.PublicRoot),
    wadoRoot: normalizedRoot(section.WadoRoot).slice(0, -1),
    host: section.Host,
    ssl: section.Ssl,
    qidoCaseSensitive: section.QidoCaseSensitive,
    studiesMetadata: section.StudiesMetadata,
    seriesMetadata: section.SeriesMetadata,
    otherBinaryMode: section.OtherBinaryMode,
  };
}

/** `DicomWeb.Servers` in the form of the REST API: what the server does not know of a definition stands beside the rest. */
export function configuredDicomWebServers({ DicomWeb: section }: Configuration): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries(section.Servers).map(([name, { UserProperties, ...definition }]) => [
      name,
      { ...UserProperties, ...definition },
    ]),
  );
}
