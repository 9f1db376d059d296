import { createHash } from "node:crypto";
import type { JsonModel, JsonModelValue } from "../../src/dicom/json-model.ts";

/** An attribute as dcm2json or pydicom gave it; long values as what is known of them. */
export interface TruthAttribute {
  readonly vr: string;
  readonly Value?: readonly JsonModelValue[];
  readonly InlineBinary?: string;
  readonly InlineBinarySha256?: string;
  readonly ValueCount?: number;
  readonly ValueUtf8Sha256?: string;
  readonly Encapsulated?: true;
}
export type Truth = Readonly<Record<string, TruthAttribute>>;

/** Where the tool that wrote the truth, not the standard, is followed by the truth. */
const quirks: readonly (readonly [path: RegExp, tag: RegExp, reason: string])[] = [
  [/./, /(?:^|\/)00080005$/, "dcm2json reports UTF-8, toJsonModel on request"],
  [/./, /0000$/, "pydicom keeps group lengths"],
  [/_RLE|jpeg_ls|jp2k|jpegls/, /^FFFCFFFC$/, "dcm2json got a copy that ends before the pixel data"],
  [/./, /\/7FE00010$/, "dcm2json got a copy without encapsulated icons"],
  [/null_b|value_nul|fragments\/generated|GH195/, /^(?:0010|0028)/, "dcm2json keeps NULs that pad"],
  [/dx_image/, /^7FE00010$/, "dcm2json pads an odd length"],
  [/nested_priv_SQ/, /00010002$/, "dcm2json pads an odd length"],
  [/RI6XDosiGap/, /^50003000$/, "DCMTK takes curve data in implicit VR for OB; PS3.5 §A.1 says OW"],
  [/ge_private/, /^7FE00010$/, "DCMTK swaps the pixels of GE's private syntax; here that is left to the pixel codecs"],
  [/IM00001.fragmented/, /^00080008$/, "pydicom writes an empty value as text instead of null"],
];

/** Whether the truth is known to be another there than the standard's. */
export function isQuirk(file: string, tag: string): boolean {
  return quirks.some(([path, where]) => path.test(file) && where.test(tag));
}

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

/** DCMTK drops delimiters of empty components at the end. */
const nameText = (name: JsonModelValue): string =>
  Object.entries(name ?? {})
    .map(([group, text]) => `${group}:${String(text).replace(/\^+$/, "")}`)
    .filter((text) => !text.endsWith(":"))
    .join("=");

const plainText = (value: JsonModelValue): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

function sameValue(truth: JsonModelValue, ours: JsonModelValue, vr: string): boolean {
  if (vr === "PN") return nameText(truth) === nameText(ours);
  if (typeof truth !== "number" || typeof ours !== "number") return plainText(truth) === plainText(ours);
  return vr === "FL" ? Math.fround(truth) === Math.fround(ours) : Math.abs(truth - ours) <= 1e-8 * Math.abs(truth);
}

/** Where a dataset in the DICOM JSON model differs from the truth: tags, with the items they are in. */
export function differences(truth: Truth, ours: JsonModel, path: string): string[] {
  return [...new Set([...Object.keys(truth), ...Object.keys(ours)])].flatMap((tag) =>
    attributeDifferences(truth[tag], ours[tag], path + tag),
  );
}

function attributeDifferences(
  truth: TruthAttribute | undefined,
  ours: JsonModel[string] | undefined,
  at: string,
): string[] {
  if (truth === undefined || ours === undefined) return [at];
  if (truth.Encapsulated === true) return [];
  if (truth.vr !== ours.vr) return [at];
  const values = ours.Value ?? [];
  const expected = truth.Value ?? [];
  if (truth.InlineBinarySha256 !== undefined) {
    return sha256(Buffer.from(ours.InlineBinary ?? "", "base64")) === truth.InlineBinarySha256 ? [] : [at];
  }
  if (truth.ValueCount !== undefined) return values.length === truth.ValueCount ? [] : [at];
  if (truth.ValueUtf8Sha256 !== undefined)
    return sha256(plainText(values[0] ?? null)) === truth.ValueUtf8Sha256 ? [] : [at];
  if (truth.InlineBinary !== ours.InlineBinary) return [at];
  if (truth.vr === "SQ") {
    if (expected.length !== values.length) return [at];
    return expected.flatMap((item, index) =>
      differences((item ?? {}) as Truth, values[index] as JsonModel, `${at}[${index}]/`),
    );
  }
  const isEmptyName = truth.vr === "PN" && expected.length === 0 && values.every((name) => nameText(name) === "");
  const isSame =
    expected.length === values.length &&
    expected.every((value, index) => sameValue(value, values[index] ?? null, truth.vr));
  return isSame || isEmptyName ? [] : [at];
}

/** Reads a file of `truth/json`: whole numbers beyond 2^53 become text, as do the infinities that Python writes. */
export function parseTruth(text: string): Truth {
  const valid = text.replaceAll(/([,[])(-?Infinity)/g, '$1"$2"').replaceAll(/([,[])(-?\d{16,})(?=[,\]])/g, '$1"$2"');
  return JSON.parse(valid) as Truth;
}
