import { ServerError } from "../util/errors.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { Dataset, type Element } from "./dataset.ts";
import { lookupTag } from "./dictionary.ts";
import { encodeValues, padded, type PlainValue } from "./encode-value.ts";
import { tagWithComma, type Tag } from "./tag.ts";
import type { VR } from "./vr.ts";

/** One attribute of a dataset to be built. */
export interface NewAttribute {
  readonly tag: Tag;
  /** Default: as the dictionary has it. */
  readonly vr?: VR;
  /** A plain value or several, bytes as they shall stand, or the items of a sequence. */
  readonly value: PlainValue | readonly PlainValue[] | Uint8Array | readonly Dataset[];
}

export interface BuildOptions {
  /** Default little endian. */
  readonly littleEndian?: boolean;
  /** Of attributes without (0008,0005) among them. Default: the default repertoire. */
  readonly charset?: SpecificCharacterSet;
}

const specificCharacterSet: Tag = 0x00080005;

/** Makes a dataset from attributes in any order; of two with one tag the last stays. Throws `BadFileFormat` as `encodeValues`. */
export function buildDataset(attributes: Iterable<NewAttribute>, options: BuildOptions = {}): Dataset {
  const list = [...attributes];
  const littleEndian = options.littleEndian ?? true;
  const declared = list.find(({ tag }) => tag === specificCharacterSet)?.value;
  const terms = typeof declared === "string" ? declared : isPlainList(declared) ? declared.join("\\") : undefined;
  const charset = SpecificCharacterSet.parse(terms, options.charset);
  const elements = new Map<Tag, Element>();
  for (const attribute of list) elements.set(attribute.tag, buildElement(attribute, { littleEndian, charset }));
  return new Dataset(elements, littleEndian, charset);
}

function isPlainList(value: NewAttribute["value"] | undefined): value is readonly PlainValue[] {
  return Array.isArray(value) && !value.some((entry) => entry instanceof Dataset);
}

function isItems(value: NewAttribute["value"]): value is readonly Dataset[] {
  return Array.isArray(value) && value.every((entry) => entry instanceof Dataset);
}

/** One element as `buildDataset` makes it; it is in no file, so its offset is 0. */
export function buildElement(
  { tag, vr: given, value }: NewAttribute,
  encoding: { readonly littleEndian: boolean; readonly charset: SpecificCharacterSet },
): Element {
  const vr = given ?? lookupTag(tag)?.vr;
  if (vr === undefined) throw new ServerError("UnknownDicomTag", `${tagWithComma(tag)} needs a VR`);
  if (vr === "SQ") {
    if (!isItems(value)) throw new ServerError("BadFileFormat", `${tagWithComma(tag)} of VR SQ: expected items`);
    return { tag, vr, offset: 0, length: 0, items: value };
  }
  const bytes =
    value instanceof Uint8Array
      ? padded(Buffer.from(value.buffer, value.byteOffset, value.length), vr)
      : encodeValues(tag, vr, isPlainList(value) ? value : [plain(tag, value)], encoding);
  return { tag, vr, offset: 0, length: bytes.length, value: bytes };
}

function plain(tag: Tag, value: NewAttribute["value"]): PlainValue {
  if (typeof value === "object") throw new ServerError("BadFileFormat", `${tagWithComma(tag)}: expected plain values`);
  return value;
}
