import { describe, expect, it } from "vitest";
import { decodeCommand, encodeCommand } from "./command-codec.ts";
import type { CommandSet } from "./command-set.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** A C-ECHO-RQ made by hand from PS3.7 Table 9.3-12: group length 56, UID of 17 characters padded. */
const echo = hex(`
  0000 0000 04000000 38000000
  0000 0200 12000000 312e322e3834302e31303030382e312e3100
  0000 0001 02000000 3000
  0000 1001 02000000 0500
  0000 0008 02000000 0101`);

/** One element of each kind: UI, US, AE, AT, LO. */
const everything: CommandSet = {
  AffectedSOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
  RequestedSOPClassUID: "1.2.3",
  CommandField: 0x8001,
  MessageID: 65535,
  MessageIDBeingRespondedTo: 0,
  MoveDestination: "ARCHIVE",
  Priority: 2,
  CommandDataSetType: 0,
  Status: 0xb000,
  OffendingElement: [0x00100010, 0x7fe00010],
  ErrorComment: "No room",
  ErrorID: 9,
  AffectedSOPInstanceUID: "1.2.3.4",
  RequestedSOPInstanceUID: "1.2.3.5",
  EventTypeID: 1,
  AttributeIdentifierList: [0x00080018],
  ActionTypeID: 1,
  NumberOfRemainingSuboperations: 4,
  NumberOfCompletedSuboperations: 3,
  NumberOfFailedSuboperations: 2,
  NumberOfWarningSuboperations: 1,
  MoveOriginatorApplicationEntityTitle: "MODALITY",
  MoveOriginatorMessageID: 7,
};

describe("command sets (PS3.7 §6.3.1, Annex E)", () => {
  it("are implicit VR little endian with a group length", () => {
    const command = {
      AffectedSOPClassUID: "1.2.840.10008.1.1",
      CommandField: 0x30,
      MessageID: 5,
      CommandDataSetType: 0x0101,
    };
    expect(encodeCommand(command)).toEqual(echo);
    expect(decodeCommand(echo)).toEqual(command);
  });

  it("have every element of Table E.1-1", () => {
    const bytes = encodeCommand(everything);
    expect(decodeCommand(bytes)).toEqual(everything);
    expect(bytes.readUInt32LE(8)).toBe(bytes.length - 12);
    // Offending Element (0000,0901) AT, ascending order, each tag as group and element.
    expect(bytes.includes(hex("0000 0109 08000000 1000 1000 e07f 1000"))).toBe(true);
    // Error Comment (0000,0902) LO is padded by a space, a UID by a zero byte.
    expect(bytes.includes(hex("0000 0209 08000000 4e6f20726f6f6d20"))).toBe(true);
    expect(bytes.includes(hex("0000 0300 06000000 312e322e3300"))).toBe(true);
  });

  it("may lack their group length, and have elements that are unknown or empty", () => {
    expect(
      decodeCommand(
        hex("0000 0200 00000000  0000 0001 02000000 3000  0000 0008 02000000 0101  0000 ff7f 03000000 616263"),
      ),
    ).toEqual({ CommandField: 0x30, CommandDataSetType: 0x0101 });
  });

  it.each([
    ["an element of another group", "0800 0001 02000000 3000", /\(0008,0100\)/],
    ["an element that ends beyond the set", "0000 0001 ff000000 3000", /255 bytes where 2 are left/],
    ["an element of 4 GB", "0000 0001 ffffffff 3000", /4294967295 bytes/],
    ["half an element", "0000 0001 02", /5 bytes are left/],
    ["a Command Field of 4 bytes", "0000 0001 04000000 30000000", /CommandField has 4 bytes/],
    ["a tag of 3 bytes", "0000 0109 03000000 300000", /OffendingElement has 3 bytes/],
    ["no Command Field", "0000 0008 02000000 0101", /Command Field \(0000,0100\) is missing/],
    ["no Command Data Set Type", "0000 0001 02000000 3000", /Command Data Set Type \(0000,0800\) is missing/],
    ["nothing", "", /Command Field/],
  ])("are refused with %s", (_, bytes, message) => {
    expect(() => decodeCommand(hex(bytes))).toThrow(message);
  });
});
