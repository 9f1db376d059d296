import type { FieldReader } from "./field-reader.ts";

/** An item or sub-item: a type, a reserved byte, a 16-bit length (PS3.8 §9.3.2). */
export interface Item {
  readonly type: number;
  readonly bytes: Buffer;
}

/** The items that `reader` has left. */
export function* readItems(reader: FieldReader): Generator<Item> {
  while (reader.left > 0) {
    const type = reader.uint8();
    reader.uint8();
    yield { type, bytes: reader.sized() };
  }
}

/** An item of these parts. Throws `RangeError` when they have more than 65535 bytes. */
export function writeItem(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(4);
  header.writeUInt8(type);
  header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

/** An item that is a text: a UID or a version name. */
export function writeTextItem(type: number, text: string): Buffer {
  return writeItem(type, Buffer.from(text, "latin1"));
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A field after its 16-bit length. */
export function sized(field: string | Uint8Array): Buffer {
  const bytes = typeof field === "string" ? Buffer.from(field, "latin1") : field;
  return Buffer.concat([uint16(bytes.length), bytes]);
}
