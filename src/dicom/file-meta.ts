import { settleByteOrder } from "./encoding.ts";
import { lookupTag } from "./dictionary.ts";
import type { Dataset } from "./dataset.ts";
import { groupOf, elementOf } from "./tag.ts";
import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntax,
  type TransferSyntax,
} from "./transfer-syntaxes.ts";
import { explicitVR } from "./vr.ts";

const transferSyntaxUid = 0x00020010;

/** Where the first element is: after the preamble and prefix (PS3.10 §7.1), or at the start of files without them. `head`: 132 bytes or the whole of a shorter file. */
export function startOfElements(head: Buffer): number {
  const isPrefix = (at: number): boolean => head.toString("latin1", at, at + 4) === "DICM";
  return isPrefix(128) ? 132 : isPrefix(0) ? 4 : 0;
}

/**
 * The encoding of a dataset without Transfer Syntax UID, from its first 8 bytes. Where nothing else says that this is
 * DICOM (`hasMeta`) they must be those of a known element of group 0008; undefined when they are not.
 */
export function guessTransferSyntax(view: DataView, position: number, hasMeta: boolean): TransferSyntax | undefined {
  const littleEndian = settleByteOrder(view, position, true);
  const tag = view.getUint16(position, littleEndian) * 0x10000 + view.getUint16(position + 2, littleEndian);
  if (!hasMeta && (groupOf(tag) !== 8 || (elementOf(tag) !== 0 && lookupTag(tag) === undefined))) return undefined;
  const isExplicit = explicitVR(view.getUint16(position + 4)) !== undefined;
  if (!littleEndian) return isExplicit ? explicitBigEndian : undefined;
  return isExplicit ? explicitLittleEndian : implicitLittleEndian;
}

/** The transfer syntax that the meta information declares; an unknown one is read as explicit VR little endian, as PS3.5 §10 has all new ones. */
export function declaredTransferSyntax(meta: Dataset): TransferSyntax | undefined {
  const uid = meta.text(transferSyntaxUid)?.trim() ?? "";
  return uid === "" ? undefined : (transferSyntax(uid) ?? { ...explicitLittleEndian, uid, name: "Unknown" });
}
