/** What `metadata` answers for a study or a series (`StudiesMetadata`, `SeriesMetadata`). `Extrapolate` is answered as `Full`, which has more. */
export type MetadataMode = "Full" | "MainDicomTags" | "Extrapolate";

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
  readonly studiesMetadata: MetadataMode;
  readonly seriesMetadata: MetadataMode;
  readonly otherBinaryMode: OtherBinaryMode;
}

/** `/dicom-web/`, whatever slashes `root` has. */
export function normalizedRoot(root: string): string {
  const inner = root.split("/").filter((segment) => segment !== "");
  return inner.length === 0 ? "/" : `/${inner.join("/")}/`;
}
