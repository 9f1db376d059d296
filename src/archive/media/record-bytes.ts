import { buildElement, type NewAttribute } from "../../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { lookupTag } from "../../dicom/dictionary.ts";
import type { Tag } from "../../dicom/tag.ts";
import { explicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import { vrRow } from "../../dicom/vr.ts";
import { writeDataset } from "../../dicom/write.ts";
import type { RecordKey } from "./record-types.ts";

/** What a record says besides its keys and its offsets: attributes of group 0004. */
export type RecordFacts = readonly NewAttribute[];

export interface KeySource {
  /** The file that the record is about. */
  readonly file: Dataset;
  /** The place of the record among those of its parent, from 1. */
  readonly number: number;
}

const specificCharacterSet: Tag = 0x00080005;
const escape = 0x1b;

/** The elements of a record from (0004,1430) on, in explicit VR little endian. Values are as the file has them, in its character set. */
export function recordBytes(facts: RecordFacts, keys: readonly RecordKey[], source: KeySource): Buffer {
  const { littleEndian, charset } = source.file;
  const encoding = { littleEndian, charset };
  const elements = new Map<Tag, Element>();
  for (const key of keys) {
    const element = keyElement(key, source);
    if (element !== undefined) elements.set(key.tag, element);
  }
  if ([...elements.values()].some(isLocalised)) {
    // Undeclared letters were read as Latin-1.
    const value = charset.value === "" ? "ISO_IR 100" : charset.value;
    elements.set(specificCharacterSet, buildElement({ tag: specificCharacterSet, value }, encoding));
  }
  for (const fact of facts) elements.set(fact.tag, buildElement(fact, encoding));
  const record = new Dataset(elements, littleEndian, charset);
  return writeDataset(record, { transferSyntaxUID: explicitLittleEndian.uid });
}

function keyElement(key: RecordKey, source: KeySource): Element | undefined {
  const { tag, type } = key;
  const { file, number } = source;
  const build = (value: NewAttribute["value"], charset = file.charset): Element =>
    buildElement({ tag, value }, { littleEndian: file.littleEndian, charset });
  const special = key.of?.(file);
  if (special !== undefined) return build(special);
  if (key.of !== undefined) return undefined;
  for (const from of [tag, ...(key.otherwise ?? [])]) {
    const found = file.get(from);
    if (found !== undefined && hasValue(found)) return moved(found, tag);
  }
  if (type === 3) return undefined;
  if (type === 1) return build(key.madeUp?.(number) ?? "", SpecificCharacterSet.default);
  return lookupTag(tag)?.vr === "SQ" ? build([]) : build("");
}

/** The element under another tag, with the VR that the dictionary has: a file may have it wrong, or UN. */
function moved({ vr, length, value, items }: Element, tag: Tag): Element {
  const place = { tag, vr: lookupTag(tag)?.vr ?? vr, offset: 0, length };
  return items !== undefined ? { ...place, items } : value === undefined ? place : { ...place, value };
}

/** Whether there is a value that is at hand; one of blanks is none. */
function hasValue({ vr, value, items }: Element): boolean {
  if (items !== undefined) return items.length > 0;
  if (value === undefined) return false;
  return vrRow(vr).kind === "text" ? value.some((byte) => byte !== 0x20 && byte !== 0) : value.length > 0;
}

/** Whether the value needs its character set to be read. */
function isLocalised({ value, items }: Element): boolean {
  if (items !== undefined) return items.some((item) => [...item].some(isLocalised));
  return value?.some((byte) => byte >= 0x80 || byte === escape) ?? false;
}
