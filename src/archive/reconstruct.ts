import type { Catalog, Level, Metadata } from "../catalog/catalog.ts";
import type { Headers } from "./headers.ts";
import { identify } from "./identify.ts";
import { metadataOf } from "./instance-metadata.ts";
import { mainTagValues, type MainTagsByLevel } from "./main-tags.ts";
import { metadataNumbers as numbers } from "./metadata-numbers.ts";

export interface ReconstructParts {
  readonly catalog: Pick<Catalog, "reconstruct">;
  readonly headers: Pick<Headers, "fresh">;
  readonly mainTags: MainTagsByLevel;
}

/** The metadata that come from the file alone, whoever brought it and whenever. */
const ofFile = [
  numbers.IndexInSeries,
  numbers.ExpectedNumberOfInstances,
  numbers.TransferSyntax,
  numbers.SopClassUid,
  numbers.PixelDataOffset,
  numbers.MainDicomTagsSignature,
  numbers.MainDicomSequences,
  numbers.PixelDataVR,
];

/** As `Archive.reconstruct`. */
export async function reconstruct(
  { catalog, headers, mainTags }: ReconstructParts,
  instance: string,
  levels: readonly Level[],
): Promise<boolean> {
  const header = await headers.fresh(instance);
  if (header === undefined) return false;
  const identity = identify(header);
  const metadata = metadataOf({ header, ...identity, origin: { kind: "Unknown" } }, mainTags, "");
  return catalog.reconstruct(
    levels.map((level) => ({
      level,
      publicId: identity.identifiers[level],
      mainDicomTags: mainTagValues(header.dataset, mainTags[level]),
      metadata: fileMetadata(metadata[level]),
    })),
  );
}

/** With null for those that the file does not have. */
function fileMetadata(metadata: Metadata): Record<number, string | null> {
  return Object.fromEntries(ofFile.map((number) => [number, metadata[number] ?? null]));
}
