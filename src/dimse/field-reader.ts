import { ProtocolError } from "./protocol-error.ts";

/** Reads the fields of a PDU or item one after the other; a field that ends beyond it is a `ProtocolError`. */
export class FieldReader {
  readonly #bytes: Buffer;
  readonly #what: string;
  #at = 0;

  /** `what` names the item in errors. */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  uint8(): number {
    return this.bytes(1).readUInt8();
  }

  uint16(): number {
    return this.bytes(2).readUInt16BE();
  }

  uint32(): number {
    return this.bytes(4).readUInt32BE();
  }

  /** The next `length` bytes, not copied. */
  bytes(length: number): Buffer {
    if (length > this.left) {
      throw new ProtocolError(`${this.#what}: a field of ${length} bytes where ${this.left} are left`);
    }
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** A field after its 16-bit length. */
  sized(): Buffer {
    return this.bytes(this.uint16());
  }

  /** A UID after its 16-bit length. */
  uid(): string {
    return unpadded(this.sized());
  }
}

/** A text without the spaces and zero bytes around it: some pad UIDs and titles though they need not. */
export function unpadded(bytes: Buffer): string {
  let start = 0;
  let end = bytes.length;
  while (start < end && isPadding(bytes[start])) start += 1;
  while (end > start && isPadding(bytes[end - 1])) end -= 1;
  return bytes.toString("latin1", start, end);
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0;
}
