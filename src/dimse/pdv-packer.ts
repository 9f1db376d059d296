import { pduTypes } from "./pdu.ts";

/** P-DATA-TF for a peer that sets no limit: larger ones save nothing. */
const preferredPduLength = 128 * 1024;
/** Header of a PDU, and of the PDV in it. */
const pduHeaderLength = 6;
const pdvHeaderLength = 6;

const commandBit = 1;
const lastBit = 2;

/** Bytes of a message that fit into a PDV for a peer with this maximum length (0: no limit). Even, as parts of datasets must be. */
export function pdvCapacity(maximumLength: number): number {
  const length = maximumLength === 0 ? preferredPduLength : Math.min(maximumLength, preferredPduLength);
  return Math.max(2, (length - pdvHeaderLength) & ~1);
}

/** The header of a P-DATA-TF with one PDV of `length` bytes (PS3.8 §9.3.5). */
function dataHeader(contextId: number, control: number, length: number): Buffer {
  const header = Buffer.allocUnsafe(pduHeaderLength + pdvHeaderLength);
  header.writeUInt16BE(pduTypes["P-DATA-TF"] << 8, 0);
  header.writeUInt32BE(length + pdvHeaderLength, 2);
  header.writeUInt32BE(length + 2, pduHeaderLength);
  header.writeUInt8(contextId, 10);
  header.writeUInt8(control, 11);
  return header;
}

/** The P-DATA-TF PDUs of a command set or a dataset that is there as a whole; not copied. */
export function packWhole(contextId: number, isCommand: boolean, bytes: Uint8Array, capacity: number): Uint8Array[] {
  const kind = isCommand ? commandBit : 0;
  if (bytes.length <= capacity) return [dataHeader(contextId, kind | lastBit, bytes.length), bytes];
  const out: Uint8Array[] = [];
  let at = 0;
  do {
    const part = bytes.subarray(at, at + capacity);
    at += capacity;
    out.push(dataHeader(contextId, at >= bytes.length ? kind | lastBit : kind, part.length), part);
  } while (at < bytes.length);
  return out;
}

/** Packs a dataset that comes in pieces into full P-DATA-TF PDUs, without copying the pieces. */
export class DatasetPacker {
  readonly #contextId: number;
  readonly #capacity: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(contextId: number, capacity: number) {
    this.#contextId = contextId;
    this.#capacity = capacity;
  }

  /** The PDUs that can be sent now. The last bytes are always kept, since the last PDV has to say that it is the last. */
  push(piece: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest = piece;
    while (this.#length + rest.length > this.#capacity) {
      const room = this.#capacity - this.#length;
      this.#add(rest.subarray(0, room));
      rest = rest.subarray(room);
      out.push(...this.#packed(0));
    }
    this.#add(rest);
    return out;
  }

  /** The last PDU. */
  finish(): Uint8Array[] {
    return this.#packed(lastBit);
  }

  #add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #packed(control: number): Uint8Array[] {
    const out = [dataHeader(this.#contextId, control, this.#length), ...this.#pieces];
    this.#pieces = [];
    this.#length = 0;
    return out;
  }
}
