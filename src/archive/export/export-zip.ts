import type { ResourceReference } from "../../catalog/catalog.ts";
import { writeZip, type ZipSource } from "../zip/write-zip.ts";
import { archiveSources } from "./archive-sources.ts";
import type { ExportParts, WantedTranscoding } from "./exported-files.ts";
import { mediaSources } from "./media-sources.ts";
import { planExport } from "./plan-export.ts";

/** How files lie in a ZIP archive: in folders by patient, study and series, or as a DICOM file-set with its directory. */
export type ExportLayout =
  { readonly kind: "Archive"; readonly utf8: boolean } | { readonly kind: "Media"; readonly extended: boolean };

/** What a ZIP archive is made of. Plain JSON: jobs keep it. */
export interface ExportRequest {
  readonly resources: readonly ResourceReference[];
  readonly layout: ExportLayout;
  /** Null: as stored. */
  readonly transcode: WantedTranscoding | null;
}

export interface ExportZipParts extends ExportParts {
  /** Files that are read and packed at the same time. */
  readonly filesAhead: number;
}

/** The ZIP archive of some resources, made while it is read. `each` may hold back the files, and sees them in their order. */
export async function* exportZip(
  parts: ExportZipParts,
  { resources, layout, transcode: wanted }: ExportRequest,
  each: (sources: AsyncIterable<ZipSource>) => AsyncIterable<ZipSource> = (sources) => sources,
): AsyncGenerator<Buffer, void, void> {
  const plan = await planExport(parts.catalog, resources);
  const transcode = wanted ?? undefined;
  const sources =
    layout.kind === "Archive"
      ? archiveSources(parts, plan, { ...layout, transcode })
      : mediaSources(parts, plan, { ...layout, transcode });
  yield* writeZip(each(sources), { filesAhead: parts.filesAhead, date: new Date() });
}
