import type { Catalog } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";
import type { Log } from "../../util/log.ts";
import type { Archive } from "../archive.ts";
import { dicomAttachment, metadataNumbers } from "../metadata-numbers.ts";
import type { Transcoding } from "../transcode.ts";
import type { ZipContent } from "../zip/write-zip.ts";
import type { ExportedSeries } from "./plan-export.ts";

/** What files that leave the server are read with. */
export interface ExportedFileParts {
  readonly archive: Pick<Archive, "open" | "header">;
  readonly transcoding: Pick<Transcoding, "transcodedFile">;
  readonly log: Log;
}

/** What files for an archive are found and read with. */
export interface ExportParts extends ExportedFileParts {
  readonly catalog: Pick<Catalog, "find">;
}

/** What the files are transcoded to, where that is possible; the others go as they are stored. */
export interface WantedTranscoding {
  readonly transferSyntaxUID: string;
  /** 1 to 100; undefined: `DicomLossyTranscodingQuality`. */
  readonly lossyQuality?: number;
}

export interface SeriesInstance {
  readonly publicId: string;
  /** Metadata IndexInSeries. */
  readonly index: string | undefined;
}

/** A file as it goes into an archive. */
export interface ExportedFile extends ZipContent {
  /** Set when the file was transcoded. */
  readonly transcoded?: { readonly transferSyntaxUID: string; readonly SOPInstanceUID: string };
}

/** The instances of a planned series that are there now, in the order of IndexInSeries. */
export async function instancesOf(
  catalog: Pick<Catalog, "find">,
  { ids, instances }: ExportedSeries,
): Promise<readonly SeriesInstance[]> {
  const relatedTo = { level: "Series", publicId: ids.Series } as const;
  const found = await catalog.find({ level: "Instance", relatedTo, include: { metadata: true } });
  return found
    .filter(({ publicId }) => instances?.has(publicId) ?? true)
    .map(({ publicId, metadata }) => ({ publicId, index: metadata?.[metadataNumbers.IndexInSeries] }))
    .toSorted((left, right) => Number(left.index ?? 0) - Number(right.index ?? 0));
}

/** The file of an instance for an archive; undefined, with a warning, when it was removed in the meantime. */
export async function openExported(
  parts: ExportedFileParts,
  instance: string,
  wanted: WantedTranscoding | undefined,
): Promise<ExportedFile | undefined> {
  const file = await openTranscoded(parts, instance, wanted);
  if (file === undefined) {
    parts.log.warn(`Instance ${instance} was removed while an archive with it was made: it is left out`);
  }
  return file;
}

/** The file of an instance, transcoded where that is wanted and possible; undefined when there is none. */
export async function openTranscoded(
  parts: ExportedFileParts,
  instance: string,
  wanted: WantedTranscoding | undefined,
): Promise<ExportedFile | undefined> {
  const { archive } = parts;
  const transcoded = wanted === undefined ? undefined : await transcode(parts, instance, wanted);
  if (transcoded !== undefined) {
    const { size, stream, transferSyntaxUID, SOPInstanceUID } = transcoded;
    const mostBytes = await mostTranscodedBytes(archive, instance);
    return { size, mostBytes, stream, transcoded: { transferSyntaxUID, SOPInstanceUID } };
  }
  const file = await archive.open(instance, dicomAttachment);
  return file === undefined ? undefined : { size: file.size, stream: file.stream };
}

async function transcode(
  { transcoding, log }: ExportedFileParts,
  instance: string,
  { transferSyntaxUID, lossyQuality }: WantedTranscoding,
): ReturnType<Transcoding["transcodedFile"]> {
  try {
    return await transcoding.transcodedFile(instance, {
      transferSyntaxes: [transferSyntaxUID],
      allowNewUid: true,
      ...(lossyQuality === undefined ? {} : { lossyQuality }),
    });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    log.info(`Instance ${instance} leaves as it is stored: ${error.message}`);
    return undefined;
  }
}

/** Rows, Columns, SamplesPerPixel, BitsAllocated, NumberOfFrames. */
const imageSize = [0x00280010, 0x00280011, 0x00280002, 0x00280100, 0x00280008];
/** No codec makes pixel data twice as large as they were; the attributes are far smaller than this. */
const besidesPixels = 256 << 20;

/** Bytes that a transcoded file has at most; readers of streams do not like sizes of 64 bits where 32 are enough. */
async function mostTranscodedBytes(archive: Pick<Archive, "header">, instance: string): Promise<number> {
  const dataset = (await archive.header(instance))?.dataset;
  const bits = imageSize.reduce((product, tag) => product * (dataset?.number(tag) ?? 1), 1);
  return (2 * bits) / 8 + besidesPixels;
}
