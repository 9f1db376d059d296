import { groupOf, tagWithComma, type Tag } from "../dicom/tag.ts";
import {
  commandElements,
  commandGroupLength,
  type CommandElement,
  type CommandKeyword,
  type CommandVr,
} from "./command-elements.ts";
import type { CommandSet } from "./command-set.ts";
import { unpadded } from "./field-reader.ts";
import { ProtocolError } from "./protocol-error.ts";

type CommandValue = string | number | readonly Tag[];

const headerLength = 8;
const rows: readonly (readonly [CommandKeyword, CommandElement])[] = Object.entries(commandElements).map(
  ([keyword, element]) => [keyword as CommandKeyword, element],
);
const keywordByTag: ReadonlyMap<Tag, CommandKeyword> = new Map(rows.map(([keyword, { tag }]) => [tag, keyword]));

/**
 * The bytes of a command set: implicit VR little endian, elements in ascending order after Command Group Length
 * (PS3.7 §6.3.1).
 */
export function encodeCommand(command: CommandSet): Buffer {
  let length = 0;
  for (const [keyword, { vr }] of rows) {
    const value = command[keyword];
    if (value !== undefined) length += headerLength + encodedLength(vr, value);
  }
  const bytes = Buffer.allocUnsafe(headerLength + 4 + length);
  let at = writeHeader(bytes, 0, commandGroupLength, 4);
  at = bytes.writeUInt32LE(length, at);
  for (const [keyword, { tag, vr }] of rows) {
    const value = command[keyword];
    if (value === undefined) continue;
    const valueLength = encodedLength(vr, value);
    at = writeHeader(bytes, at, tag, valueLength);
    writeValue(bytes, at, vr, value);
    at += valueLength;
  }
  return bytes;
}

function encodedLength(vr: CommandVr, value: CommandValue): number {
  if (typeof value === "number") return vr === "US" ? 2 : 0;
  return typeof value === "string" ? value.length + (value.length % 2) : 4 * value.length;
}

function writeHeader(bytes: Buffer, at: number, tag: Tag, length: number): number {
  writeTag(bytes, at, tag);
  return bytes.writeUInt32LE(length, at + 4);
}

function writeValue(bytes: Buffer, at: number, vr: CommandVr, value: CommandValue): void {
  if (typeof value === "number") bytes.writeUInt16LE(value, at);
  else if (typeof value === "string") {
    bytes.write(value, at, "latin1");
    if (value.length % 2 === 1) bytes.writeUInt8(vr === "UI" ? 0 : 0x20, at + value.length);
  } else for (const [index, tag] of value.entries()) writeTag(bytes, at + 4 * index, tag);
}

/**
 * Reads a command set. Elements that PS3.7 Table E.1-1 does not have are skipped; other groups, bad lengths, and a command
 * set without Command Field or Command Data Set Type are a `ProtocolError`.
 */
export function decodeCommand(bytes: Buffer): CommandSet {
  const values: Partial<Record<CommandKeyword, CommandValue>> = {};
  for (let at = 0; at < bytes.length;) {
    if (bytes.length - at < headerLength)
      throw malformed(`${bytes.length - at} bytes are left where an element begins`);
    const tag = readTag(bytes, at);
    const length = bytes.readUInt32LE(at + 4);
    at += headerLength;
    if (groupOf(tag) !== 0) throw malformed(`it has the element (${tagWithComma(tag)}), which is not of group 0000`);
    if (length > bytes.length - at) {
      throw malformed(`(${tagWithComma(tag)}) has ${length} bytes where ${bytes.length - at} are left`);
    }
    const keyword = keywordByTag.get(tag);
    if (keyword !== undefined && length > 0) {
      values[keyword] = readValue(keyword, bytes.subarray(at, at + length));
    }
    at += length;
  }
  const { CommandField, CommandDataSetType } = values;
  if (typeof CommandField !== "number") throw malformed("Command Field (0000,0100) is missing");
  if (typeof CommandDataSetType !== "number") throw malformed("Command Data Set Type (0000,0800) is missing");
  // Each value was read as the VR of its keyword says.
  return values as CommandSet;
}

function readValue(keyword: CommandKeyword, bytes: Buffer): CommandValue {
  const { vr } = commandElements[keyword];
  if (vr === "US") {
    if (bytes.length !== 2) throw malformed(`${keyword} has ${bytes.length} bytes, not 2`);
    return bytes.readUInt16LE();
  }
  if (vr !== "AT") return unpadded(bytes);
  if (bytes.length % 4 !== 0) throw malformed(`${keyword} has ${bytes.length} bytes, not a multiple of 4`);
  return Array.from({ length: bytes.length / 4 }, (_, index) => readTag(bytes, 4 * index));
}

/** A tag is its group, then its element, 16 bits each. */
function readTag(bytes: Buffer, at: number): Tag {
  return bytes.readUInt16LE(at) * 0x10000 + bytes.readUInt16LE(at + 2);
}

function writeTag(bytes: Buffer, at: number, tag: Tag): void {
  bytes.writeUInt16LE(tag >>> 16, at);
  bytes.writeUInt16LE(tag & 0xffff, at + 2);
}

function malformed(what: string): ProtocolError {
  return new ProtocolError(`The command set is malformed: ${what}`);
}
