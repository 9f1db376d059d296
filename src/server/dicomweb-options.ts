import type { Configuration } from "../config/options.ts";
import { parseTag } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { type DicomWebOptions, normalizedRoot } from "../dicomweb/options.ts";
import { ServerError } from "../util/errors.ts";

/** The section `DicomWeb`, as its routes need it. */
export function dicomWebOptions({ DicomWeb: section }: Configuration): DicomWebOptions {
  return {
    root: normalizedRoot(section.Root),
    publicRoot: normalizedRoot(section.PublicRoot),
    wadoRoot: normalizedRoot(section.WadoRoot).slice(0, -1),
    host: section.Host,
    ssl: section.Ssl,
    qidoCaseSensitive: section.QidoCaseSensitive,
    studiesMetadata: {
      mode: section.StudiesMetadata,
      extrapolatedTags: section.StudiesMetadataExtrapolatedTags.map((name) => tagOf("Studies", name)),
    },
    seriesMetadata: {
      mode: section.SeriesMetadata,
      extrapolatedTags: section.SeriesMetadataExtrapolatedTags.map((name) => tagOf("Series", name)),
    },
    otherBinaryMode: section.OtherBinaryMode,
    metadataAhead: Math.max(1, section.MetadataWorkerThreadsCount),
    filesAhead: Math.max(1, section.WadoRsLoaderThreadsCount),
    performanceLogs: section.EnablePerformanceLogs,
  };
}

function tagOf(levels: "Studies" | "Series", name: string): Tag {
  const tag = parseTag(name);
  if (tag !== undefined) return tag;
  throw new ServerError("ParameterOutOfRange", `DicomWeb.${levels}MetadataExtrapolatedTags: "${name}" is no DICOM tag`);
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
