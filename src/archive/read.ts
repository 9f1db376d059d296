import type { Attachment, Catalog } from "../catalog/catalog.ts";
import type { BlobStorage, ByteRange, ContentType } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { OpenAttachment } from "./archive.ts";
import { sliceStream } from "./byte-slice.ts";
import { compressions, prefixLength, uncompressed } from "./compression.ts";

/** Attachments up to this size, in bytes, are read in one go. */
const readAtOnce = 1 << 20;

export interface ReadParts {
  readonly catalog: Pick<Catalog, "attachments">;
  readonly storage: Pick<BlobStorage, "read">;
}

/** The row of an attachment; undefined when there is none. */
export async function findAttachment(
  catalog: Pick<Catalog, "attachments">,
  publicId: string,
  type: ContentType,
): Promise<Attachment | undefined> {
  const attachments = await catalog.attachments(publicId);
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
export function readUncompressed(
  storage: Pick<BlobStorage, "read">,
  attachment: Attachment,
  range?: ByteRange,
): AsyncIterable<Uint8Array> {
  const { compression, uncompressedSize } = attachment;
  const whole = uncompressedSize <= readAtOnce ? { start: 0, end: uncompressedSize } : undefined;
  if (compression === compressions.none) return storage.read(attachment, range ?? whole);
  const stored = storage.read(attachment, { start: prefixLength, end: attachment.compressedSize });
  return range === undefined ? uncompressed(stored) : sliceStream(uncompressed(stored), range);
}

function checkRange({ start, end }: ByteRange, size: number): void {
  if (start >= 0 && start <= end && end <= size) return;
  throw new ServerError("BadRange", `bytes ${start} to ${end}: expected a range within ${size} bytes`);
}
