import { ServerError } from "../util/errors.ts";
import { isBufferList } from "./blob-data.ts";
import type { BlobData, BlobReference, BlobStorage, ReadsInto } from "./storage.ts";

async function collect(data: BlobData): Promise<Buffer> {
  if (isBufferList(data)) return Buffer.concat(data);
  const chunks: Uint8Array[] = [];
  for await (const chunk of data) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Blobs in memory, for tests and embedding; everything is gone with the process. */
export function createMemoryStorage(): BlobStorage & ReadsInto {
  const blobs = new Map<string, Buffer>();
  const bytesOf = ({ uuid }: BlobReference): Buffer => {
    const bytes = blobs.get(uuid);
    if (bytes === undefined) throw new ServerError("InexistentFile", `blob ${uuid} is not in the storage`);
    return bytes;
  };
  return {
    async write(uuid, _type, data) {
      if (blobs.has(uuid)) throw new ServerError("CannotWriteFile", `blob ${uuid} exists already`);
      const bytes = await collect(data);
      blobs.set(uuid, bytes);
      return { size: bytes.length };
    },
    async *read(blob, range) {
      const bytes = bytesOf(blob);
      yield range === undefined ? bytes : bytes.subarray(range.start, range.end);
    },
    readInto: async (blob, into) => bytesOf(blob).copy(into),
    async remove({ uuid }) {
      blobs.delete(uuid);
    },
  };
}
