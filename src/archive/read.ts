import type { Attachment, Catalog } from "../catalog/catalog.ts";
import type { BlobStorage, ByteRange, ContentType, ReadsInto } from "../storage/storage.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { ServerError } from "../util/errors.ts";
import type { OpenAttachment } from "./archive.ts";
import { sliceStream } from "./byte-slice.ts";
import { dicomAttachment } from "./metadata-numbers.ts";
import { compressions, prefixLength, uncompressed } from "./compression.ts";

/** Attachments up to this size, in bytes, are read in one go. */
const readAtOnce = 1 << 20;

export interface ReadParts {
  readonly catalog: Pick<Catalog, "attachments">;
  readonly storage: ReadableStorage;
}

type ReadableStorage = Pick<BlobStorage, "read"> & Partial<ReadsInto>;

/** The row of an attachment; undefined when there is none. */
export async function findAttachment(
  catalog: Pick<Catalog, "attachments">,
  publicId: string,
  type: ContentType,
): Promise<Attachment | undefined> {
  // No other level has a DICOM file.
  const attachments = await catalog.attachments(publicId, type === dicomAttachment ? "Instance" : undefined);
  return attachments?.find((attachment) => attachment.type === type);
}

/** As `Archive.open`. */
export async function openAttachment(
  { catalog, storage }: ReadParts,
  publicId: string,
  type: ContentType,
  range?: ByteRange,
): Promise<OpenAttachment | undefined> {
  const attachment = await findAttachment(catalog, publicId, type);
  if (attachment === undefined) return undefined;
  if (range !== undefined) checkRange(range, attachment.uncompressedSize);
  const size = range === undefined ? attachment.uncompressedSize : range.end - range.start;
  return { attachment, size, stream: readUncompressed(storage, attachment, range) };
}

/** As `Archive.openRaw`. */
export async function openStored(
  { catalog, storage }: ReadParts,
  publicId: string,
  type: ContentType,
): Promise<OpenAttachment | undefined> {
  const attachment = await findAttachment(catalog, publicId, type);
  if (attachment === undefined) return undefined;
  return { attachment, size: attachment.compressedSize, stream: storage.read(attachment) };
}

/** The uncompressed bytes of an attachment, or a range of them that lies within it. */
export function readUncompressed(storage: ReadableStorage, attachment: Attachment, range?: ByteRange): ByteSource {
  const { compression, uncompressedSize } = attachment;
  const isSmall = range === undefined && uncompressedSize <= readAtOnce;
  if (compression === compressions.none)
    return isSmall ? readWhole(storage, attachment) : storage.read(attachment, range);
  const stored = storage.read(attachment, { start: prefixLength, end: attachment.compressedSize });
  return range === undefined ? uncompressed(stored) : sliceStream(uncompressed(stored), range);
}

function readWhole(storage: ReadableStorage, attachment: Attachment): ByteSource {
  const { readInto } = storage;
  const range = { start: 0, end: attachment.uncompressedSize };
  if (readInto === undefined) return storage.read(attachment, range);
  return {
    [Symbol.asyncIterator]: () => storage.read(attachment, range)[Symbol.asyncIterator](),
    readInto: (memory) => readInto(attachment, memory),
  };
}

function checkRange({ start, end }: ByteRange, size: number): void {
  if (start >= 0 && start <= end && end <= size) return;
  throw new ServerError("BadRange", `bytes ${start} to ${end}: expected a range within ${size} bytes`);
}
