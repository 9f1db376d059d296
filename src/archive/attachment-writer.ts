import { createHash, hash, type Hash } from "node:crypto";
import type { NewAttachment } from "../catalog/catalog.ts";
import type { BlobData, BlobReference, BlobStorage, ContentType } from "../storage/storage.ts";
import type { Spooled } from "./archive.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import { compressed, compressions, compressWhole } from "./compression.ts";

/** Spooled bytes are in no row: Orthanc's attachments are 1 to 3, users' begin at 1024. */
const spoolType: ContentType = 0;

/** Gives a blob its row; the blob is removed again unless `isKept` says that it got one. */
export interface Indexing<Result> {
  /** `file`: the bytes of the blob when they are to be stored with the row; empty when they are in the storage. */
  readonly index: (attachment: NewAttachment, file: readonly Uint8Array[]) => Promise<Result>;
  readonly isKept: (result: Result) => boolean;
}

/** Writes attachments, compressed and with MD5 as the options say. */
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
  /** Bytes of the largest blob that is stored with its row; 0: none. */
  readonly largestJointFile: number;
  /** `StorageCompression` */
  readonly compress: boolean;
  /** `StoreMD5ForAttachments` */
  readonly storeMD5: boolean;
}

export function createAttachmentWriter(parts: AttachmentWriterParts): AttachmentWriter {
  const { storage, removal, newBlobName, largestJointFile, storeMD5 } = parts;
  const underWay = new Set<string>();

  const write = async (type: ContentType, data: BlobData): Promise<Blob> => {
    const uuid = newBlobName();
    underWay.add(uuid);
    try {
      return { uuid, type, ...(await storage.write(uuid, type, data)) };
    } catch (error) {
      underWay.delete(uuid);
      throw error;
    }
  };
  const writeHashed = async (type: ContentType, data: AsyncIterable<Uint8Array>): Promise<Hashed> => {
    const md5 = storeMD5 ? createHash("md5") : undefined;
    const blob = await write(type, md5 === undefined ? data : hashing(data, md5));
    return { blob, md5: md5?.digest("hex") ?? "" };
  };
  const discard = async (blob: BlobReference): Promise<void> => {
    await removal.remove([blob]);
    underWay.delete(blob.uuid);
  };

  const rewrite: AttachmentWriter["rewrite"] = async (attachment, data, compress) => {
    const { type, uncompressedSize, uncompressedMD5 } = attachment;
    const { blob, md5 } = await writeHashed(type, compress ? compressed(data, uncompressedSize) : data);
    return stored(blob, { size: uncompressedSize, md5: uncompressedMD5 }, md5, compress);
  };

  const commit: AttachmentWriter["commit"] = async (attachment, { index, isKept }) => {
    let kept = false;
    try {
      const result = await index(attachment, []);
      kept = isKept(result);
      return result;
    } finally {
      if (kept) underWay.delete(attachment.uuid);
      else await discard(attachment);
    }
  };
  const commitWithRow = async <Result>(
    attachment: NewAttachment,
    file: readonly Uint8Array[],
    { index }: Indexing<Result>,
  ): Promise<Result> => {
    underWay.add(attachment.uuid);
    try {
      return await index(attachment, file);
    } finally {
      underWay.delete(attachment.uuid);
    }
  };

  return {
    commit,
    async commitWhole(type, whole, indexing) {
      const { chunks, size, attachmentOf } = await prepared(parts, whole);
      if (size > largestJointFile) return commit(attachmentOf(await write(type, chunks)), indexing);
      return commitWithRow(attachmentOf({ uuid: newBlobName(), type, size }), chunks, indexing);
    },
    async stream(type, data) {
      const { blob, md5 } = await writeHashed(type, data);
      const plain = stored(blob, { size: blob.size, md5 }, md5, false);
      if (!parts.compress) return plain;
      // The size comes first in the compressed form, and is known only now.
      try {
        return await rewrite(plain, storage.read(plain), true);
      } finally {
        await discard(plain);
      }
    },
    rewrite,
    async spool(data, use) {
      const blob = await write(spoolType, data);
      try {
        return await use({ size: blob.size, read: (range) => storage.read(blob, range) });
      } finally {
        await discard(blob);
      }
    },
    isUnderWay: (uuid) => underWay.has(uuid),
  };
}

interface Blob extends BlobReference {
  readonly size: number;
}

interface Hashed {
  readonly blob: Blob;
  readonly md5: string;
}

function stored(
  { uuid, type, size, customData }: Blob,
  original: { readonly size: number; readonly md5: string },
  md5: string,
  isCompressed: boolean,
): NewAttachment {
  return {
    uuid,
    type,
    ...(customData === undefined ? {} : { customData }),
    uncompressedSize: original.size,
    uncompressedMD5: original.md5,
    compressedSize: size,
    compressedMD5: md5,
    compression: isCompressed ? compressions.zlib : compressions.none,
  };
}

interface Prepared extends Whole {
  readonly attachmentOf: (blob: Blob) => NewAttachment;
}

/** What is in memory in the form in which it is stored. */
async function prepared(
  { compress, storeMD5 }: Pick<AttachmentWriterParts, "compress" | "storeMD5">,
  { chunks, size }: Whole,
): Promise<Prepared> {
  const original = { size, md5: storeMD5 ? md5Of(chunks) : "" };
  if (!compress) return { chunks, size, attachmentOf: (blob) => stored(blob, original, original.md5, false) };
  const data = await compressWhole(chunks, size);
  const md5 = storeMD5 ? md5Of(data) : "";
  const total = data.reduce((sum, { length }) => sum + length, 0);
  return { chunks: data, size: total, attachmentOf: (blob) => stored(blob, original, md5, true) };
}

function md5Of(buffers: readonly Uint8Array[]): string {
  const [only] = buffers;
  if (only !== undefined && buffers.length === 1) return hash("md5", only, "hex");
  const md5 = createHash("md5");
  for (const buffer of buffers) md5.update(buffer);
  return md5.digest("hex");
}

async function* hashing(data: AsyncIterable<Uint8Array>, md5: Hash): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of data) {
    md5.update(chunk);
    yield chunk;
  }
}
