import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import { createMetadataCache, type MetadataCache } from "../dicomweb/metadata-cache.ts";
import type { Log } from "../util/log.ts";
import type { LiveEncoding } from "./default-encoding.ts";
import { dicomWebOptions } from "./dicomweb-options.ts";

export interface ServerMetadataCacheParts {
  readonly configuration: Configuration;
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly encoding: LiveEncoding;
  readonly log: Log;
}

/** The cache of DICOMweb metadata, as the configuration wants it. */
export function serverMetadataCache({ configuration, encoding, ...parts }: ServerMetadataCacheParts): MetadataCache {
  const { Enable, EnableMetadataCache, StudiesMetadata, SeriesMetadata } = configuration.DicomWeb;
  const isUsed = Enable && EnableMetadataCache;
  const write = isUsed && !configuration.ReadOnly;
  const { Dictionary, ExternalDictionaries, LoadPrivateDictionary, DefaultPrivateCreator } = configuration;
  const dictionaries = JSON.stringify([Dictionary, ExternalDictionaries, LoadPrivateDictionary, DefaultPrivateCreator]);
  return createMetadataCache({
    ...parts,
    options: dicomWebOptions(configuration),
    use: { read: isUsed, write, ahead: write && (StudiesMetadata === "Full" || SeriesMetadata === "Full") },
    settings: () => [encoding.get(), dictionaries].join(" "),
  });
}
