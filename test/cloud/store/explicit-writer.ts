import type { Dataset, Element } from "../../../src/dicom/dataset.ts";
import { elementOf, groupOf, tagHex } from "../../../src/dicom/tag.ts";
import { littleEndianValue } from "./native-values.ts";

/** VRs with a length of four bytes (PS3.5 §7.1.2). */
const longVRs = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const transferSyntaxTag = 0x00020010;
const itemTag = 0xfffee000;

/** An element with a value to take the place of the one in a dataset. */
export interface Replacement {
  readonly tag: number;
  readonly vr: string;
  readonly value: Buffer;
}

/** A DICOM file (PS3.10 §7.1) in Explicit VR Little Endian; `replacements` must be of tags that are there. */
export function writeExplicitFile(meta: Dataset, dataset: Dataset, replacements: readonly Replacement[]): Buffer {
  const syntax = { tag: transferSyntaxTag, vr: "UI", value: Buffer.from(`${explicitLittleEndian}\0`, "latin1") };
  const metaBytes = encode(meta, [syntax]);
  const groupLength = Buffer.alloc(4);
  groupLength.writeUInt32LE(metaBytes.length);
  const start = Buffer.alloc(132);
  start.write("DICM", 128, "latin1");
  return Buffer.concat([start, element(0x00020000, "UL", groupLength), metaBytes, encode(dataset, replacements)]);
}

function encode(dataset: Dataset, replacements: readonly Replacement[]): Buffer {
  const chunks: Buffer[] = [];
  for (const found of dataset) {
    // Group lengths are retired in datasets (PS3.5 §7.2) and written anew in the meta header.
    if (elementOf(found.tag) === 0) continue;
    const replacement = replacements.find(({ tag }) => tag === found.tag);
    chunks.push(
      replacement === undefined
        ? element(found.tag, found.vr, valueOf(dataset, found))
        : element(found.tag, replacement.vr, replacement.value),
    );
  }
  return Buffer.concat(chunks);
}

function valueOf(dataset: Dataset, found: Element): Buffer {
  if (found.fragments !== undefined) throw new TypeError(`${tagHex(found.tag)} is still encapsulated`);
  if (found.items === undefined) return littleEndianValue(dataset, found);
  return Buffer.concat(
    found.items.map((item) => {
      const content = encode(item, []);
      return Buffer.concat([tagBytes(itemTag), lengthBytes(content.length), content]);
    }),
  );
}

function element(tag: number, vr: string, value: Buffer): Buffer {
  const padded = value.length % 2 === 0 ? value : Buffer.concat([value, Buffer.alloc(1)]);
  const head = Buffer.concat([tagBytes(tag), Buffer.from(vr, "latin1")]);
  if (longVRs.has(vr)) return Buffer.concat([head, Buffer.alloc(2), lengthBytes(padded.length), padded]);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(padded.length);
  return Buffer.concat([head, length, padded]);
}

function tagBytes(tag: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(groupOf(tag), 0);
  bytes.writeUInt16LE(elementOf(tag), 2);
  return bytes;
}

function lengthBytes(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes;
}
