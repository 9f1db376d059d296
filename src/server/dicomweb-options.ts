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
