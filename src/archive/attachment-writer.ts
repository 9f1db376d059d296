import type { NewAttachment } from "../catalog/catalog.ts";
import type { BlobStorage, ContentType } from "../storage/storage.ts";
import { totalLength } from "../util/total-length.ts";
import type { Spooled } from "./archive.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import { createBlobsUnderWay, type Indexing, type WrittenBlob } from "./blobs-under-way.ts";
import { type Checksum, type ChecksumKind, checksumOf, createChecksum } from "./checksum.ts";
import { compressed, compressions, compressWhole } from "./compression.ts";
import type { JointStore } from "./joint-store.ts";
import { dicomAttachment } from "./metadata-numbers.ts";

/** Spooled bytes are in no row: Orthanc's attachments are 1 to 3, users' begin at 1024. */
const spoolType: ContentType = 0;

/** Writes attachments, compressed and summed as the options say. */
export interface AttachmentWriter {
  stream(type: ContentType, data: AsyncIterable<Uint8Array>): Promise<NewAttachment>;
  /** Writes `data`, the uncompressed bytes of `attachment`, under a new name, compressed or not. */
  rewrite(attachment: NewAttachment, data: AsyncIterable<Uint8Array>, compress: boolean): Promise<NewAttachment>;
  /** The one place where a blob that was just written gets its row or goes: blobs before rows, and no blob without a row. */
  commit<Result>(attachment: NewAttachment, indexing: Indexing<Result>): Promise<Result>;
  /** Writes what is in memory and commits it: in one act where it is small enough for that. */
  commitWhole<Result>(type: ContentType, whole: Whole, indexing: Indexing<Result>): Promise<Result>;
  /** As `Archive.spool`. */
  spool<Result>(data: AsyncIterable<Uint8Array>, use: (spooled: Spooled) => Promise<Result>): Promise<Result>;
  /** Whether the blob is written, or may still get its row, just now. */
  isUnderWay(uuid: string): boolean;
}

/** Bytes in memory, and their number. */
export interface Whole {
  readonly chunks: readonly Uint8Array[];
  readonly size: number;
}

export interface AttachmentWriterParts {
  readonly storage: BlobStorage;
  readonly removal: BlobRemoval;
  readonly newBlobName: () => string;
  /** What stores blobs with their rows. */
  readonly joint?: Pick<JointStore, "largestFile" | "write"> | undefined;
  /** `StorageCompression` */
  readonly compress: boolean;
  /** How DICOM files are summed; other attachments, few and small, always have an MD5 unless that is `none`. */
  readonly checksum: ChecksumKind;
}

export function createAttachmentWriter(parts: AttachmentWriterParts): AttachmentWriter {
  const { storage, newBlobName, joint } = parts;
  const blobs = createBlobsUnderWay(parts);

  const writeSummed = async (type: ContentType, data: AsyncIterable<Uint8Array>): Promise<Summed> => {
    const checksum = createChecksum(kindFor(parts.checksum, type));
    const blob = await blobs.write(type, summing(data, checksum));
    return { blob, checksum: checksum.digest() };
  };
  const rewrite: AttachmentWriter["rewrite"] = async (attachment, data, compress) => {
    const { type, uncompressedSize: size, uncompressedChecksum } = attachment;
    const { blob, checksum } = await writeSummed(type, compress ? compressed(data, size) : data);
    return stored(blob, { size, checksum: uncompressedChecksum }, checksum, compress);
  };

  return {
    commit: (attachment, indexing) => blobs.commit(attachment, indexing, []),
    async commitWhole(type, whole, indexing) {
      const { chunks, size, attachmentOf } = await prepared(parts, type, whole);
      if (joint === undefined) return blobs.commit(attachmentOf(await blobs.write(type, chunks)), indexing, []);
      if (size > joint.largestFile)
        return blobs.commit(attachmentOf(await blobs.write(type, chunks, joint.write)), indexing, "unflushed");
      return blobs.commitWithRow(attachmentOf({ uuid: newBlobName(), type, size }), indexing, chunks);
    },
    async stream(type, data) {
      const { blob, checksum } = await writeSummed(type, data);
      const plain = stored(blob, { size: blob.size, checksum }, checksum, false);
      if (!parts.compress) return plain;
      // The size comes first in the compressed form, and is known only now.
      try {
        return await rewrite(plain, storage.read(plain), true);
      } finally {
        await blobs.discard(plain);
      }
    },
    rewrite,
    async spool(data, use) {
      const blob = await blobs.write(spoolType, data);
      try {
        return await use({ size: blob.size, read: (range) => storage.read(blob, range) });
      } finally {
        await blobs.discard(blob);
      }
    },
    isUnderWay: (uuid) => blobs.isUnderWay(uuid),
  };
}

interface Summed {
  readonly blob: WrittenBlob;
  readonly checksum: string;
}

function kindFor(checksum: ChecksumKind, type: ContentType): ChecksumKind {
  return checksum === "none" || type === dicomAttachment ? checksum : "MD5";
}

function stored(
  { uuid, type, size, customData }: WrittenBlob,
  original: { readonly size: number; readonly checksum: string },
  checksum: string,
  isCompressed: boolean,
): NewAttachment {
  return {
    uuid,
    type,
    ...(customData === undefined ? {} : { customData }),
    uncompressedSize: original.size,
    uncompressedChecksum: original.checksum,
    compressedSize: size,
    compressedChecksum: checksum,
    compression: isCompressed ? compressions.zlib : compressions.none,
  };
}

interface Prepared extends Whole {
  readonly attachmentOf: (blob: WrittenBlob) => NewAttachment;
}

/** What is in memory in the form in which it is stored. */
async function prepared(
  { compress, checksum }: Pick<AttachmentWriterParts, "compress" | "checksum">,
  type: ContentType,
  { chunks, size }: Whole,
): Promise<Prepared> {
  const kind = kindFor(checksum, type);
  const original = { size, checksum: checksumOf(kind, chunks) };
  if (!compress) return { chunks, size, attachmentOf: (blob) => stored(blob, original, original.checksum, false) };
  const data = await compressWhole(chunks, size);
  const sum = checksumOf(kind, data);
  return { chunks: data, size: totalLength(data), attachmentOf: (blob) => stored(blob, original, sum, true) };
}

async function* summing(data: AsyncIterable<Uint8Array>, checksum: Checksum): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of data) {
    checksum.update(chunk);
    yield chunk;
  }
}
