import type { Tag } from "../dicom/tag.ts";

/**
 * What `metadata` answers for a study or a series (`StudiesMetadata`, `SeriesMetadata`): what is in the files, what the index knows, or
 * that and some attributes as a few instances of the series have them.
 */
export type MetadataMode = "Full" | "MainDicomTags" | "Extrapolate";

/** What metadata are made from, and for `Extrapolate` the tags that are looked up in a few instances. */
export interface MetadataWay {
  readonly mode: MetadataMode;
  readonly extrapolatedTags: readonly Tag[];
}

/** How OB, OD, OF, OL, OV and OW are written in metadata. */
export type OtherBinaryMode = "BulkDataURI" | "InlineBinary" | "ArrayOfValues";

/** The section `DicomWeb` of the configuration, as the routes need it. */
export interface DicomWebOptions {
  /** `Root`, with a slash at both ends. */
  readonly root: string;
  /** `PublicRoot` behind a proxy; with a slash at both ends. */
  readonly publicRoot: string;
  /** `WadoRoot`, without a slash at the end. */
  readonly wadoRoot: string;
  /** Forced host of the URLs in answers; empty: that of the request. */
  readonly host: string;
  /** Scheme of these URLs when `host` is forced. */
  readonly ssl: boolean;
  readonly qidoCaseSensitive: boolean;
  readonly studiesMetadata: MetadataWay;
  readonly seriesMetadata: MetadataWay;
  readonly otherBinaryMode: OtherBinaryMode;
  /** Files that are read at the same time for metadata, at least 1. */
  readonly metadataAhead: number;
  /** Instances that are made ready at the same time for a retrieval, at least 1. */
  readonly filesAhead: number;
  /** Whether it is logged how long answers take. */
  readonly performanceLogs: boolean;
}

/** `/dicom-web/`, whatever slashes `root` has. */
export function normalizedRoot(root: string): string {
  const inner = root.split("/").filter((segment) => segment !== "");
  return inner.length === 0 ? "/" : `/${inner.join("/")}/`;
}
