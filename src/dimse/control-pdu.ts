import { FieldReader, unpadded } from "./field-reader.ts";
import { readItems, uint16, uint32, writeItem, writeTextItem } from "./item.ts";
import { ProtocolError } from "./protocol-error.ts";
import { readUserInformation, writeUserInformation } from "./user-information.ts";
import {
  emptyUserInformation,
  pduTypes,
  type AnsweredPresentationContext,
  type AssociateAcceptPdu,
  type AssociateRequestPdu,
  type ControlPdu,
  type ProposedPresentationContext,
} from "./pdu.ts";

const itemTypes = {
  applicationContext: 0x10,
  proposedContext: 0x20,
  answeredContext: 0x21,
  abstractSyntax: 0x30,
  transferSyntax: 0x40,
  userInformation: 0x50,
} as const;

type AssociatePdu = AssociateRequestPdu | AssociateAcceptPdu;

/** Reads the PDU of a type from its variable field: what follows the length (PS3.8 §9.3). Throws `ProtocolError`. */
export function readControlPdu(type: number, body: Buffer): ControlPdu {
  switch (type) {
    case pduTypes["A-ASSOCIATE-RQ"]:
      return { type: "A-ASSOCIATE-RQ", ...readAssociate(body, itemTypes.proposedContext, readProposedContext) };
    case pduTypes["A-ASSOCIATE-AC"]:
      return { type: "A-ASSOCIATE-AC", ...readAssociate(body, itemTypes.answeredContext, readAnsweredContext) };
    case pduTypes["A-ASSOCIATE-RJ"]:
      return {
        type: "A-ASSOCIATE-RJ",
        result: body.readUInt8(1),
        source: body.readUInt8(2),
        reason: body.readUInt8(3),
      };
    case pduTypes["A-RELEASE-RQ"]:
      return { type: "A-RELEASE-RQ" };
    case pduTypes["A-RELEASE-RP"]:
      return { type: "A-RELEASE-RP" };
    case pduTypes["A-ABORT"]:
      return { type: "A-ABORT", source: body.readUInt8(2), reason: body.readUInt8(3) };
    default:
      throw new ProtocolError(`PDU type ${type} is unknown`, "unrecognized PDU");
  }
}

function readAssociate<Context extends { readonly id: number }>(
  body: Buffer,
  contextType: number,
  readContext: (bytes: Buffer) => Context,
) {
  const reader = new FieldReader(body, "A-ASSOCIATE");
  const protocolVersion = reader.uint16();
  reader.bytes(2);
  const calledAet = unpadded(reader.bytes(16));
  const callingAet = unpadded(reader.bytes(16));
  reader.bytes(32);
  let applicationContext = "";
  let user = emptyUserInformation;
  const contexts = new Map<number, Context>();
  for (const { type, bytes } of readItems(reader)) {
    if (type === itemTypes.applicationContext) applicationContext = unpadded(bytes);
    else if (type === itemTypes.userInformation) user = readUserInformation(bytes);
    else if (type === contextType) {
      const context = readContext(bytes);
      if (contexts.has(context.id)) throw new ProtocolError(`Presentation context ${context.id} is there twice`);
      contexts.set(context.id, context);
    }
  }
  return { protocolVersion, calledAet, callingAet, applicationContext, user, contexts: [...contexts.values()] };
}

/** PS3.8 §9.3.2.2. */
function readProposedContext(bytes: Buffer): ProposedPresentationContext {
  const reader = new FieldReader(bytes, "Presentation context");
  const id = reader.uint8();
  reader.bytes(3);
  let abstractSyntax = "";
  const transferSyntaxes: string[] = [];
  for (const item of readItems(reader)) {
    if (item.type === itemTypes.abstractSyntax) abstractSyntax = unpadded(item.bytes);
    else if (item.type === itemTypes.transferSyntax) transferSyntaxes.push(unpadded(item.bytes));
  }
  if (id % 2 === 0) throw new ProtocolError(`Presentation context ${id} does not have an odd number`);
  return { id, abstractSyntax, transferSyntaxes };
}

/** PS3.8 §9.3.3.2. */
function readAnsweredContext(bytes: Buffer): AnsweredPresentationContext {
  const reader = new FieldReader(bytes, "Presentation context");
  const id = reader.uint8();
  reader.uint8();
  const result = reader.uint8();
  reader.uint8();
  let transferSyntax = "";
  for (const item of readItems(reader)) {
    if (item.type === itemTypes.transferSyntax) transferSyntax = unpadded(item.bytes);
  }
  return { id, result, transferSyntax };
}

/** The bytes of a PDU. */
export function writeControlPdu(pdu: ControlPdu): Buffer {
  const body = writeBody(pdu);
  const header = Buffer.alloc(6);
  header.writeUInt8(pduTypes[pdu.type]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}

function writeBody(pdu: ControlPdu): Buffer {
  if (pdu.type === "A-ASSOCIATE-RQ") return writeAssociate(pdu, pdu.contexts.map(writeProposedContext));
  if (pdu.type === "A-ASSOCIATE-AC") return writeAssociate(pdu, pdu.contexts.map(writeAnsweredContext));
  if (pdu.type === "A-ASSOCIATE-RJ") return Buffer.of(0, pdu.result, pdu.source, pdu.reason);
  if (pdu.type === "A-ABORT") return Buffer.of(0, 0, pdu.source, pdu.reason);
  return uint32(0);
}

function writeAssociate(pdu: AssociatePdu, contexts: readonly Buffer[]): Buffer {
  return Buffer.concat([
    uint16(pdu.protocolVersion),
    Buffer.alloc(2),
    Buffer.from(pdu.calledAet.padEnd(16).slice(0, 16), "latin1"),
    Buffer.from(pdu.callingAet.padEnd(16).slice(0, 16), "latin1"),
    Buffer.alloc(32),
    writeTextItem(itemTypes.applicationContext, pdu.applicationContext),
    ...contexts,
    writeUserInformation(pdu.user),
  ]);
}

function writeProposedContext({ id, abstractSyntax, transferSyntaxes }: ProposedPresentationContext): Buffer {
  return writeItem(
    itemTypes.proposedContext,
    Buffer.of(id, 0, 0, 0),
    writeTextItem(itemTypes.abstractSyntax, abstractSyntax),
    ...transferSyntaxes.map((uid) => writeTextItem(itemTypes.transferSyntax, uid)),
  );
}

function writeAnsweredContext({ id, result, transferSyntax }: AnsweredPresentationContext): Buffer {
  return writeItem(
    itemTypes.answeredContext,
    Buffer.of(id, 0, result, 0),
    writeTextItem(itemTypes.transferSyntax, transferSyntax),
  );
}
