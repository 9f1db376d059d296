import { readControlPdu } from "./control-pdu.ts";
import { Gathering } from "./gathering.ts";
import { pduTypes, type ControlPdu } from "./pdu.ts";
import { ProtocolError } from "./protocol-error.ts";

/** A part of a presentation data value (PS3.8 §9.3.5.1, Annex E). */
export interface Fragment {
  readonly contextId: number;
  /** Of the command set, not of the dataset. */
  readonly isCommand: boolean;
  /** Nothing of the command set or dataset follows. */
  readonly isLast: boolean;
  readonly bytes: Buffer;
}

/** Takes what a `PduDecoder` finds, in its order. */
export interface PduSink {
  pdu(pdu: ControlPdu): void;
  /** Called as the bytes arrive, also for parts of a PDV. `bytes` are a part of the chunk that was pushed: they are there until the call returns. */
  fragment(fragment: Fragment): void;
}

/** A thousand presentation contexts would not need more. */
const maximumControlPduLength = 1024 * 1024;
/** Of a PDU: type, reserved, length. Of a PDV: length, presentation context, message control header. */
const headerLength = 6;
/** The PDV length counts the last two bytes of its header. */
const countedHeaderLength = 2;

/** Some senders take the maximum length for that of the PDVs without their header. */
const countingSlack = 6;

/** Lengths that the variable field of a PDU may have; P-DATA-TF has its own rule. */
const controlLengths: Readonly<Record<number, readonly [least: number, most: number]>> = {
  [pduTypes["A-ASSOCIATE-RQ"]]: [68, maximumControlPduLength],
  [pduTypes["A-ASSOCIATE-AC"]]: [68, maximumControlPduLength],
  [pduTypes["A-ASSOCIATE-RJ"]]: [4, 4],
  [pduTypes["A-RELEASE-RQ"]]: [4, 4],
  [pduTypes["A-RELEASE-RP"]]: [4, 4],
  [pduTypes["A-ABORT"]]: [4, 4],
};

/**
 * Splits a byte stream into PDUs (PS3.8 §9.3). P-DATA-TF is never gathered: its parts are passed on as they come, without
 * a copy. Every length is checked before anything is kept.
 */
export class PduDecoder {
  readonly #maximumLength: number;
  readonly #sink: PduSink;
  readonly #header = Buffer.alloc(headerLength);
  #headerFilled = 0;
  /** Bytes of the current PDU that have not come. */
  #pduLeft = 0;
  #controlType = 0;
  readonly #gathered = new Gathering();
  /** Bytes of the current PDV that have not come. */
  #pdvLeft = 0;
  #contextId = 0;
  #isCommand = false;
  #isLast = false;

  /** `maximumLength`: of the P-DATA-TF that this side receives, as negotiated; 0: no limit. */
  constructor(maximumLength: number, sink: PduSink) {
    this.#maximumLength = maximumLength;
    this.#sink = sink;
  }

  /** Takes the next bytes, and keeps none of them. Throws `ProtocolError`, after which the stream cannot be understood any more. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#pdvLeft > 0) at = this.#value(chunk, at);
      else if (this.#controlType !== 0) at = this.#control(chunk, at);
      else at = this.#headerBytes(chunk, at);
    }
  }

  #headerBytes(chunk: Buffer, at: number): number {
    if (this.#headerFilled === 0 && chunk.length - at >= headerLength) {
      this.#startOf(chunk, at);
      return at + headerLength;
    }
    const taken = Math.min(headerLength - this.#headerFilled, chunk.length - at);
    chunk.copy(this.#header, this.#headerFilled, at, at + taken);
    this.#headerFilled += taken;
    if (this.#headerFilled === headerLength) {
      this.#headerFilled = 0;
      this.#startOf(this.#header, 0);
    }
    return at + taken;
  }

  #startOf(bytes: Buffer, at: number): void {
    if (this.#pduLeft > 0) this.#startPdv(bytes, at);
    else this.#startPdu(bytes.readUInt8(at), bytes.readUInt32BE(at + 2));
  }

  #startPdu(type: number, length: number): void {
    if (type === pduTypes["P-DATA-TF"]) {
      if (length < headerLength || (this.#maximumLength > 0 && length > this.#maximumLength + countingSlack)) {
        throw new ProtocolError(`P-DATA-TF of ${length} bytes, where at most ${this.#maximumLength} were agreed`);
      }
    } else {
      const limits = controlLengths[type];
      if (limits === undefined) throw new ProtocolError(`PDU type ${type} is unknown`, "unrecognized PDU");
      if (length < limits[0] || length > limits[1]) throw new ProtocolError(`PDU of type ${type} with ${length} bytes`);
      this.#controlType = type;
    }
    this.#pduLeft = length;
  }

  #startPdv(bytes: Buffer, at: number): void {
    const length = bytes.readUInt32BE(at);
    const left = this.#pduLeft - headerLength - (length - countedHeaderLength);
    // What is left must be nothing or have room for another PDV.
    if (length < countedHeaderLength || left < 0 || (left > 0 && left < headerLength)) {
      throw new ProtocolError(`PDV of ${length} bytes where ${this.#pduLeft} are left of its P-DATA-TF`);
    }
    const control = bytes.readUInt8(at + 5);
    this.#pduLeft -= headerLength;
    this.#pdvLeft = length - countedHeaderLength;
    this.#contextId = bytes.readUInt8(at + 4);
    this.#isCommand = (control & 1) !== 0;
    this.#isLast = (control & 2) !== 0;
    if (this.#pdvLeft === 0) this.#pass(bytes.subarray(0, 0));
  }

  #value(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#pdvLeft);
    this.#pdvLeft -= end - at;
    this.#pduLeft -= end - at;
    this.#pass(chunk.subarray(at, end));
    return end;
  }

  #pass(bytes: Buffer): void {
    this.#sink.fragment({
      contextId: this.#contextId,
      isCommand: this.#isCommand,
      isLast: this.#isLast && this.#pdvLeft === 0,
      bytes,
    });
  }

  #control(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#pduLeft);
    this.#pduLeft -= end - at;
    const body = this.#gathered.add(chunk.subarray(at, end), this.#pduLeft);
    if (body !== undefined) {
      const type = this.#controlType;
      this.#controlType = 0;
      this.#sink.pdu(readControlPdu(type, body));
    }
    return end;
  }
}
