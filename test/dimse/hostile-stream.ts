import { encodeCommand } from "../../src/dimse/command-codec.ts";
import { commandFields, noDataset, responseBit, withDataset, type CommandSet } from "../../src/dimse/command-set.ts";
import { writeControlPdu } from "../../src/dimse/control-pdu.ts";
import type { AssociateAcceptPdu, AssociateRequestPdu, ControlPdu } from "../../src/dimse/pdu.ts";
import { packWhole } from "../../src/dimse/pdv-packer.ts";
import { ctImageStorage, implicitLittleEndian, studyRootFind, verification } from "./memory-association.ts";
import type { Random } from "./random.ts";
import { rawRequest } from "./raw-peer.ts";

const requests = [
  commandFields["C-ECHO-RQ"],
  commandFields["C-STORE-RQ"],
  commandFields["C-FIND-RQ"],
  commandFields["C-GET-RQ"],
  commandFields["C-MOVE-RQ"],
  commandFields["N-ACTION-RQ"],
  commandFields["N-EVENT-REPORT-RQ"],
  commandFields["C-CANCEL-RQ"],
  0x0031,
] as const;

function associateRequest(random: Random): AssociateRequestPdu {
  const role = { sopClassUid: ctImageStorage, scu: random.once(2), scp: random.once(2) };
  return {
    ...rawRequest,
    contexts: [verification, ctImageStorage, studyRootFind].map((abstractSyntax, index) => ({
      id: 2 * index + 1,
      abstractSyntax,
      transferSyntaxes: [implicitLittleEndian],
    })),
    user: {
      ...rawRequest.user,
      maximumLength: random.pick([0, 16384, 1, 100, 0xffffffff]),
      roles: random.once(3) ? [role] : [],
      asynchronousWindow: random.once(3) ? { invoked: random.below(4), performed: random.below(4) } : undefined,
      userIdentity: random.once(5)
        ? {
            type: random.below(7),
            positiveResponseRequested: true,
            primaryField: random.bytes(5),
            secondaryField: random.bytes(0),
          }
        : undefined,
    },
  };
}

export function associateAccept(random: Random): AssociateAcceptPdu {
  const { contexts, ...request } = associateRequest(random);
  return {
    ...request,
    type: "A-ASSOCIATE-AC",
    contexts: contexts.map(({ id }) => ({
      id,
      result: random.once(6) ? random.below(6) : 0,
      transferSyntax: implicitLittleEndian,
    })),
  };
}

/** The P-DATA-TF PDUs of a message, whose parts may be cut small. */
function message(random: Random, command: CommandSet, dataset: Buffer | undefined): Uint8Array[] {
  const contextId = random.once(25) ? random.below(256) : random.pick([1, 3, 5]);
  const capacity = random.pick([16378, 1000, 60, 7]);
  const bytes = packWhole(
    contextId,
    true,
    random.once(20) ? broken(random, encodeCommand(command)) : encodeCommand(command),
    capacity,
  );
  return dataset === undefined ? bytes : [...bytes, ...packWhole(contextId, false, dataset, capacity)];
}

function requestMessage(random: Random): Uint8Array[] {
  const CommandField = random.pick(requests);
  const dataset = random.once(2) ? random.bytes(random.pick([0, 1, 40, 400])) : undefined;
  const large = random.once(60) ? Buffer.alloc(random.pick([70_000, 300_000])) : dataset;
  return message(
    random,
    {
      CommandField,
      ...(!random.once(30) && { MessageID: random.below(6) }),
      ...(CommandField === commandFields["C-CANCEL-RQ"] && { MessageIDBeingRespondedTo: random.below(6) }),
      AffectedSOPClassUID: random.pick([verification, ctImageStorage, studyRootFind, "nonsense", ""]),
      AffectedSOPInstanceUID: "1.2.3",
      Priority: 0,
      CommandDataSetType: (large === undefined) === !random.once(30) ? noDataset : withDataset,
    },
    large,
  );
}

/** A response to one of the first requests of the other side. */
export function responseMessage(random: Random): Uint8Array[] {
  const dataset = random.once(2) ? random.bytes(40) : undefined;
  return message(
    random,
    {
      CommandField: random.pick([0x01, 0x20, 0x20, 0x30]) | responseBit,
      MessageIDBeingRespondedTo: 1 + random.below(3),
      Status: random.pick([0, 0xff00, 0xff00, 0xff00, 0xfe00, 0xa700]),
      CommandDataSetType: (dataset === undefined) === !random.once(30) ? noDataset : withDataset,
    },
    dataset,
  );
}

function ending(random: Random): Uint8Array[] {
  const pdus: readonly [ControlPdu, ...ControlPdu[]] = [
    { type: "A-RELEASE-RQ" },
    { type: "A-RELEASE-RQ" },
    { type: "A-RELEASE-RP" },
    { type: "A-ABORT", source: random.below(4), reason: random.below(8) },
    { type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: random.below(9) },
    associateRequest(random),
    associateAccept(random),
  ];
  return random.once(4) ? [] : [writeControlPdu(random.pick(pdus))];
}

/** Bytes with one or several faults: changed, lost, doubled, or put in. */
export function broken(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let faults = 1 + random.below(3); faults > 0 && result.length > 0; faults -= 1) {
    const at = random.below(result.length);
    const end = Math.min(result.length, at + random.below(20));
    const fault = random.below(7);
    if (fault <= 1) result.writeUInt8(random.below(256), at);
    else if (fault === 2) result.writeUInt8(result.readUInt8(at) ^ (1 << random.below(8)), at);
    else if (fault === 3) result.fill(random.pick([0, 0xff]), at, end);
    else if (fault === 4) result = Buffer.concat([result.subarray(0, at), result.subarray(end)]);
    else if (fault === 5) result = Buffer.concat([result.subarray(0, end), result.subarray(at)]);
    else result = Buffer.concat([result.subarray(0, at), random.bytes(random.below(12)), result.subarray(at)]);
  }
  return result;
}

/** What a hostile requestor sends: sound PDUs, of which some are broken, lost, doubled or out of order. */
export function requestorStream(random: Random): Buffer {
  const first = Buffer.from(writeControlPdu(associateRequest(random)));
  return disturbed(random, first, [
    ...Array.from({ length: random.below(6) }, () =>
      random.once(8) ? responseMessage(random) : requestMessage(random),
    ),
    ending(random),
  ]);
}

/** What a hostile acceptor sends to a requestor that has requests under way. */
export function acceptorStream(random: Random): Buffer {
  const first = random.once(20)
    ? writeControlPdu({ type: "A-ASSOCIATE-RJ", result: 1, source: 1, reason: random.below(9) })
    : writeControlPdu(associateAccept(random));
  return disturbed(random, first, [
    ...Array.from({ length: random.below(8) }, () =>
      random.once(3) ? requestMessage(random) : responseMessage(random),
    ),
    ending(random),
  ]);
}

function disturbed(random: Random, first: Buffer, messages: readonly Uint8Array[][]): Buffer {
  // Most associations have to be established, or nothing but the negotiation is tried.
  const sent = [random.once(5) ? broken(random, first) : first];
  for (const message of messages) {
    const bytes = Buffer.concat(message);
    if (!random.once(30)) sent.push(random.once(15) ? broken(random, bytes) : bytes);
    if (random.once(30)) sent.push(bytes);
    if (random.once(30)) sent.reverse();
  }
  const whole = Buffer.concat(sent);
  return random.once(10) ? whole.subarray(0, random.below(whole.length)) : whole;
}

/** The stream as a network might deliver it. */
export function* inChunks(random: Random, stream: Buffer): Generator<Buffer> {
  const size = random.pick([1_000_000, 1_000_000, 5000, 300, 11]);
  for (let at = 0; at < stream.length;) {
    const end = at + 1 + random.below(size);
    yield stream.subarray(at, end);
    at = end;
  }
}
