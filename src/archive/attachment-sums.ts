import type { Attachment } from "../catalog/catalog.ts";
import type { BlobStorage } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import { createChecksum, kindOf } from "./checksum.ts";
import { compressions } from "./compression.ts";
import { readUncompressed } from "./read.ts";

/** MD5 sums of an attachment, lower-case hexadecimal; empty when nothing was summed when it was stored. */
export interface MD5Sums {
  readonly uncompressed: string;
  readonly compressed: string;
}

type Reading = Pick<BlobStorage, "read">;

/**
 * The MD5 sums of an attachment. It is read for those that the catalog does not have; throws `CorruptedFile` when its bytes are not those that were
 * stored.
 */
export async function md5Sums(storage: Reading, attachment: Attachment): Promise<MD5Sums> {
  const { compression, compressedChecksum, uncompressedChecksum } = attachment;
  const compressed = await md5Of(compressedChecksum, () => storage.read(attachment), attachment);
  if (compression === compressions.none) return { compressed, uncompressed: compressed };
  const uncompressed = await md5Of(uncompressedChecksum, () => readUncompressed(storage, attachment), attachment);
  return { compressed, uncompressed };
}

async function md5Of(checksum: string, read: () => AsyncIterable<Uint8Array>, { uuid }: Attachment): Promise<string> {
  if (kindOf(checksum) !== "CRC-32") return checksum;
  const crc = createChecksum("CRC-32");
  const md5 = createChecksum("MD5");
  for await (const chunk of read()) {
    crc.update(chunk);
    md5.update(chunk);
  }
  const found = crc.digest();
  if (found === checksum) return md5.digest();
  throw new ServerError("CorruptedFile", `the file ${uuid} has the CRC-32 ${found}: expected ${checksum}`);
}

/** Reads an attachment, as stored and uncompressed; false when its bytes are not those that were stored, or nothing was summed then. */
export async function isIntact(storage: Reading, attachment: Attachment): Promise<boolean> {
  const { compression, compressedChecksum, uncompressedChecksum } = attachment;
  if (!(await fits(compressedChecksum, storage.read(attachment)))) return false;
  return compression === compressions.none || fits(uncompressedChecksum, readUncompressed(storage, attachment));
}

async function fits(expected: string, data: AsyncIterable<Uint8Array>): Promise<boolean> {
  if (expected === "") return false;
  const checksum = createChecksum(kindOf(expected));
  for await (const chunk of data) checksum.update(chunk);
  return checksum.digest() === expected;
}
