import type { Catalog } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive } from "../archive.ts";
import type { IngestTranscoding } from "../ingest-transcoding.ts";
import { dicomAttachment, metadataNumbers } from "../metadata-numbers.ts";
import type { Transcoding } from "../transcode.ts";

/** How new files are stored. */
export interface FileForm {
  /** `StorageCompression` */
  readonly compressed: boolean;
  /** `IngestTranscoding`; undefined: as they come. */
  readonly transcoding: IngestTranscoding | undefined;
}

export interface RewriteFileParts {
  readonly archive: Pick<Archive, "header" | "attach" | "setCompression">;
  readonly catalog: Pick<Catalog, "deleteMetadata">;
  readonly transcoding: Pick<Transcoding, "transcodedFile">;
}

/**
 * Stores the file of an instance as it would be stored if it came now. Lossy transcoding would make another instance of it, and is left
 * out. What the catalog has of the file has to be read from it again afterwards.
 */
export async function rewriteFile(parts: RewriteFileParts, instance: string, form: FileForm): Promise<void> {
  const isTranscoded = form.transcoding !== undefined && (await transcode(parts, instance, form.transcoding));
  if (!isTranscoded) await parts.archive.setCompression(instance, dicomAttachment, form.compressed);
}

async function transcode(
  { archive, catalog, transcoding }: RewriteFileParts,
  instance: string,
  wanted: IngestTranscoding,
): Promise<boolean> {
  const header = await archive.header(instance);
  if (header === undefined || wanted.isLossy || !wanted.wants(header)) return false;
  try {
    const encoding = { transferSyntaxes: [wanted.transferSyntaxUID], allowNewUid: false };
    const file = await transcoding.transcodedFile(instance, encoding);
    if (file === undefined) return false;
    // After a crash in between, a header is found without it, but not with a wrong one.
    await catalog.deleteMetadata(instance, metadataNumbers.PixelDataOffset);
    await archive.attach(instance, dicomAttachment, file.stream);
    return true;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    wanted.refused(error);
    return false;
  }
}
