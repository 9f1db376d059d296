import { ServerError } from "../util/errors.ts";
import type { SpecificCharacterSet } from "./charset.ts";
import { tagWithComma, type Tag } from "./tag.ts";
import { vrRow, type VR } from "./vr.ts";

/** A plain value of an attribute: several are joined or written one after the other as its VR asks. */
export type PlainValue = string | number | bigint;

/** How values are encoded in one dataset. */
export interface ValueEncoding {
  readonly littleEndian: boolean;
  readonly charset: SpecificCharacterSet;
}

type Write = (view: DataView, value: PlainValue, littleEndian: boolean) => void;

const writers: Readonly<Partial<Record<VR, Write>>> = {
  US: (view, value, littleEndian) => view.setUint16(0, Number(value), littleEndian),
  SS: (view, value, littleEndian) => view.setInt16(0, Number(value), littleEndian),
  UL: (view, value, littleEndian) => view.setUint32(0, Number(value), littleEndian),
  SL: (view, value, littleEndian) => view.setInt32(0, Number(value), littleEndian),
  UV: (view, value, littleEndian) => view.setBigUint64(0, BigInt(value), littleEndian),
  SV: (view, value, littleEndian) => view.setBigInt64(0, BigInt(value), littleEndian),
  FL: (view, value, littleEndian) => view.setFloat32(0, Number(value), littleEndian),
  FD: (view, value, littleEndian) => view.setFloat64(0, Number(value), littleEndian),
  OW: (view, value, littleEndian) => view.setUint16(0, Number(value), littleEndian),
  OL: (view, value, littleEndian) => view.setUint32(0, Number(value), littleEndian),
  OV: (view, value, littleEndian) => view.setBigUint64(0, BigInt(value), littleEndian),
  OF: (view, value, littleEndian) => view.setFloat32(0, Number(value), littleEndian),
  OD: (view, value, littleEndian) => view.setFloat64(0, Number(value), littleEndian),
  OB: (view, value) => view.setUint8(0, Number(value)),
  UN: (view, value) => view.setUint8(0, Number(value)),
};

/** Whole numbers that a VR can hold. */
const ranges: Readonly<Partial<Record<VR, readonly [bigint, bigint]>>> = {
  US: [0n, 0xffffn],
  SS: [-0x8000n, 0x7fffn],
  UL: [0n, 0xffffffffn],
  SL: [-0x80000000n, 0x7fffffffn],
  UV: [0n, 2n ** 64n - 1n],
  SV: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Encodes values, padded to even length (PS3.5 §6.2). Throws `BadFileFormat` for what the VR cannot hold. */
export function encodeValues(tag: Tag, vr: VR, values: readonly PlainValue[], encoding: ValueEncoding): Buffer {
  const row = vrRow(vr);
  if (row.kind === "text") {
    const text = values.map(String).join("\\");
    return padded(encoding.charset.encode(text, vr), vr);
  }
  if (row.kind === "sequence") throw bad(tag, vr, "expected items");
  if (row.kind === "tags") return Buffer.concat(values.map((value) => tagBytes(tag, value, encoding.littleEndian)));
  const write = writers[vr];
  const bytes = Buffer.alloc(values.length * row.size);
  for (const [at, value] of values.entries()) {
    checkNumber(tag, vr, value);
    write?.(new DataView(bytes.buffer, bytes.byteOffset + at * row.size, row.size), value, encoding.littleEndian);
  }
  return padded(bytes, vr);
}

function bad(tag: Tag, vr: VR, problem: string): ServerError {
  return new ServerError("BadFileFormat", `${tagWithComma(tag)} of VR ${vr}: ${problem}`);
}

function checkNumber(tag: Tag, vr: VR, value: PlainValue): void {
  const range = ranges[vr];
  const isNumber = typeof value === "bigint" || (String(value).trim() !== "" && !Number.isNaN(Number(value)));
  if (!isNumber && value !== "NaN" && !Number.isNaN(value)) throw bad(tag, vr, `"${value}" is no number`);
  if (range === undefined) return;
  const isWhole = typeof value === "bigint" || /^[+-]?\d+$/.test(String(value).trim());
  if (!isWhole || BigInt(value) < range[0] || BigInt(value) > range[1]) {
    throw bad(tag, vr, `${value} is not between ${range[0]} and ${range[1]}`);
  }
}

/** A tag given as number or as eight hexadecimal digits. */
function tagBytes(tag: Tag, value: PlainValue, littleEndian: boolean): Buffer {
  const number = typeof value === "string" ? Number.parseInt(value.replace(",", ""), 16) : Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 0xffffffff) throw bad(tag, "AT", `"${value}" is no tag`);
  const bytes = Buffer.alloc(4);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
  view.setUint16(0, number >>> 16, littleEndian);
  view.setUint16(2, number & 0xffff, littleEndian);
  return bytes;
}

/** The byte that pads a value to even length: text is padded by a space, UI and bytes by a NUL. */
export function paddingOf(vr: VR): number {
  return vr === "UI" || vrRow(vr).kind !== "text" ? 0 : 0x20;
}

export function padded(bytes: Buffer, vr: VR): Buffer {
  return bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(paddingOf(vr))]);
}
