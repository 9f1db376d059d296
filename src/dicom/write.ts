import { deflateRawSync } from "node:zlib";
import { ServerError } from "../util/errors.ts";
import { buildElement } from "./build-dataset.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { Dataset, type Element } from "./dataset.ts";
import { elementBytes, type ElementEncoding } from "./write-element.ts";
import { groupOf, type Tag } from "./tag.ts";
import { transferSyntax } from "./transfer-syntaxes.ts";

/** Greyhaven's Implementation Class UID (PS3.7 §D.3.3.2): derived from a UUID. */
export const implementationClassUid = "2.25.178446741212968834104318337116893093321";
export const implementationVersionName = "GREYHAVEN_0";

/** What is written. */
export interface DicomFile {
  readonly dataset: Dataset;
  /** Elements of group 0002 to keep: SOP class and instance where the dataset has none, and what the file does not set anew. Default none. */
  readonly meta?: Dataset;
}

export interface WriteOptions {
  readonly transferSyntaxUID: string;
}

const metaEncoding: ElementEncoding = { explicit: true, littleEndian: true, encapsulated: false };

/** Elements of the meta information that depend on the dataset and the transfer syntax (PS3.10 §7.1). */
function metaInformation({ dataset, meta }: DicomFile, transferSyntaxUID: string): Buffer {
  const elements = new Map<Tag, Element>();
  for (const element of meta ?? []) if (groupOf(element.tag) === 2) elements.set(element.tag, element);
  const encoding = { littleEndian: true, charset: SpecificCharacterSet.default };
  const set = (tag: Tag, value: string | Uint8Array): void => {
    elements.set(tag, buildElement({ tag, value }, encoding));
  };
  set(0x00020001, Buffer.of(0, 1));
  set(0x00020002, dataset.text(0x00080016) ?? meta?.text(0x00020002) ?? "");
  set(0x00020003, dataset.text(0x00080018) ?? meta?.text(0x00020003) ?? "");
  set(0x00020010, transferSyntaxUID);
  set(0x00020012, implementationClassUid);
  set(0x00020013, implementationVersionName);
  elements.delete(0x00020000);
  const body = Buffer.concat(
    [...new Dataset(elements, true)].flatMap((element) => elementBytes(element, metaEncoding)),
  );
  const length = buildElement({ tag: 0x00020000, value: body.length }, encoding);
  return Buffer.concat([...elementBytes(length, metaEncoding), body]);
}

/**
 * Writes a dataset in an encoding, without preamble and meta information; deflated where the transfer syntax says so.
 * Values keep their bytes (and so their character set) but for the byte order. Pixel data must already be as the transfer
 * syntax has it: fragments for the encapsulated ones. Throws `BadFileFormat` when it is not, or when a value was left in
 * its file.
 */
export function writeDataset(dataset: Dataset, options: WriteOptions): Buffer {
  const syntax = transferSyntax(options.transferSyntaxUID);
  if (syntax === undefined) {
    throw new ServerError("BadFileFormat", `transfer syntax ${options.transferSyntaxUID} cannot be written`);
  }
  const elements = [...dataset].filter(({ tag }) => groupOf(tag) !== 2);
  const bytes = Buffer.concat(elements.flatMap((element) => elementBytes(element, syntax, dataset.littleEndian)));
  if (!syntax.deflated) return bytes;
  const deflated = deflateRawSync(bytes);
  return deflated.length % 2 === 0 ? deflated : Buffer.concat([deflated, Buffer.of(0)]);
}

/** Writes a file (PS3.10 §7): preamble, prefix, file meta information and dataset. Throws as `writeDataset`. */
export function writeDicom(file: DicomFile, options: WriteOptions): Buffer {
  const dataset = writeDataset(file.dataset, options);
  return Buffer.concat([fileHead(file, options), dataset]);
}

/** What stands before the dataset of a file (PS3.10 §7.1): preamble, prefix and file meta information. */
export function fileHead(file: DicomFile, { transferSyntaxUID }: WriteOptions): Buffer {
  return Buffer.concat([Buffer.alloc(128), Buffer.from("DICM", "latin1"), metaInformation(file, transferSyntaxUID)]);
}
