import { createHash, hash } from "node:crypto";
import { crc32 } from "node:zlib";

/**
 * What tells whether bytes are still those that were stored. MD5, which Orthanc's clients can ask for, takes a quarter of the CPU that storing a large
 * instance needs, and hardly ever anybody asks; a CRC-32 finds damage as well at a sixth of the price, and the MD5 is made when it is asked for.
 */
export type ChecksumKind = "MD5" | "CRC-32" | "none";

/** A sum in the making. */
export interface Checksum {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal: 32 digits of an MD5, 8 of a CRC-32; empty for none. */
  digest(): string;
}

const md5Digits = 32;

const makers: Readonly<Record<ChecksumKind, () => Checksum>> = {
  MD5: () => {
    const md5 = createHash("md5");
    return { update: (bytes) => void md5.update(bytes), digest: () => md5.digest("hex") };
  },
  "CRC-32": () => {
    let sum = 0;
    return {
      update: (bytes) => {
        sum = crc32(bytes, sum);
      },
      digest: () => sum.toString(16).padStart(8, "0"),
    };
  },
  none: () => ({ update: () => {}, digest: () => "" }),
};

export function createChecksum(kind: ChecksumKind): Checksum {
  return makers[kind]();
}

/** The sum of bytes in memory. */
export function checksumOf(kind: ChecksumKind, buffers: readonly Uint8Array[]): string {
  const [only] = buffers;
  if (kind === "MD5" && only !== undefined && buffers.length === 1) return hash("md5", only, "hex");
  const checksum = createChecksum(kind);
  for (const buffer of buffers) checksum.update(buffer);
  return checksum.digest();
}

/** What a stored sum is, which its length tells. */
export function kindOf(checksum: string): ChecksumKind {
  if (checksum === "") return "none";
  return checksum.length === md5Digits ? "MD5" : "CRC-32";
}
