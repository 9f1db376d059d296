import { describe, expect, it } from "vitest";
import { readControlPdu, writeControlPdu } from "./control-pdu.ts";
import { emptyUserInformation, type AssociateAcceptPdu, type AssociateRequestPdu } from "./pdu.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const ascii = (text: string): string => Buffer.from(text, "latin1").toString("hex");
/** An item with its length counted here. */
const item = (type: string, content: string): string => {
  const length = hex(content).length.toString(16).padStart(4, "0");
  return `${type}00${length}${content}`;
};

const fixedFields = `0001 0000 ${ascii("STORAGE         ")} ${ascii("MODALITY        ")} ${"00".repeat(32)}`;
const applicationContext = item("10", ascii("1.2.840.10008.3.1.1.1"));

/** An A-ASSOCIATE-RQ after its length, made by hand from PS3.8 Table 9-11 and the tables of PS3.7 Annex D. */
const requestBody = hex(`
  ${fixedFields} ${applicationContext}
  ${item("20", `01000000 ${item("30", ascii("1.2.840.10008.1.1"))} ${item("40", ascii("1.2.840.10008.1.2"))}`)}
  ${item(
    "20",
    `03000000 ${item("30", ascii("1.2.840.10008.5.1.4.1.1.2"))}
     ${item("40", ascii("1.2.840.10008.1.2.1"))} ${item("40", ascii("1.2.840.10008.1.2"))}`,
  )}
  ${item(
    "50",
    `${item("51", "00004000")}
     ${item("52", ascii("1.2.3.4"))}
     ${item("53", "0005 0002")}
     ${item("54", `0019 ${ascii("1.2.840.10008.5.1.4.1.1.2")} 00 01`)}
     ${item("55", ascii("VERSION"))}
     ${item("56", `001b ${ascii("1.2.840.10008.5.1.4.1.2.1.1")} 010101`)}
     ${item("57", `0003 ${ascii("1.2")} 0005 ${ascii("1.2.3")} 000e 0005 ${ascii("1.2.4")} 0005 ${ascii("1.2.5")}`)}
     ${item("58", `02 01 0004 ${ascii("user")} 0006 ${ascii("secret")}`)}`,
  )}`);

const request: AssociateRequestPdu = {
  type: "A-ASSOCIATE-RQ",
  protocolVersion: 1,
  calledAet: "STORAGE",
  callingAet: "MODALITY",
  applicationContext: "1.2.840.10008.3.1.1.1",
  contexts: [
    { id: 1, abstractSyntax: "1.2.840.10008.1.1", transferSyntaxes: ["1.2.840.10008.1.2"] },
    {
      id: 3,
      abstractSyntax: "1.2.840.10008.5.1.4.1.1.2",
      transferSyntaxes: ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"],
    },
  ],
  user: {
    ...emptyUserInformation,
    maximumLength: 16384,
    implementationClassUid: "1.2.3.4",
    implementationVersionName: "VERSION",
    asynchronousWindow: { invoked: 5, performed: 2 },
    roles: [{ sopClassUid: "1.2.840.10008.5.1.4.1.1.2", scu: false, scp: true }],
    extendedNegotiation: [{ sopClassUid: "1.2.840.10008.5.1.4.1.2.1.1", information: Buffer.of(1, 1, 1) }],
    commonExtendedNegotiation: [
      { sopClassUid: "1.2", serviceClassUid: "1.2.3", relatedGeneralSopClassUids: ["1.2.4", "1.2.5"] },
    ],
    userIdentity: {
      type: 2,
      positiveResponseRequested: true,
      primaryField: Buffer.from("user"),
      secondaryField: Buffer.from("secret"),
    },
  },
};

const acceptBody = hex(`
  ${fixedFields} ${applicationContext}
  ${item("21", `01000000 ${item("40", ascii("1.2.840.10008.1.2"))}`)}
  ${item("21", `03000400 ${item("40", ascii("1.2.840.10008.1.2.1"))}`)}
  ${item("50", `${item("51", "00000000")} ${item("52", ascii("1.2.3.4"))} ${item("55", ascii("VERSION"))} ${item("59", `0002 ${ascii("ok")}`)}`)}`);

const accept: AssociateAcceptPdu = {
  type: "A-ASSOCIATE-AC",
  protocolVersion: 1,
  calledAet: "STORAGE",
  callingAet: "MODALITY",
  applicationContext: "1.2.840.10008.3.1.1.1",
  contexts: [
    { id: 1, result: 0, transferSyntax: "1.2.840.10008.1.2" },
    { id: 3, result: 4, transferSyntax: "1.2.840.10008.1.2.1" },
  ],
  user: {
    ...emptyUserInformation,
    implementationClassUid: "1.2.3.4",
    implementationVersionName: "VERSION",
    userIdentityResponse: Buffer.from("ok"),
  },
};

/** The PDU around a variable field. */
const pdu = (type: number, body: Buffer): Buffer => {
  const header = Buffer.alloc(6);
  header.writeUInt8(type);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
};

describe("A-ASSOCIATE (PS3.8 §9.3.2, §9.3.3, PS3.7 Annex D)", () => {
  it("is read and written as the tables say", () => {
    expect(readControlPdu(1, requestBody)).toEqual(request);
    expect(writeControlPdu(request)).toEqual(pdu(1, requestBody));
    expect(readControlPdu(2, acceptBody)).toEqual(accept);
    expect(writeControlPdu(accept)).toEqual(pdu(2, acceptBody));
  });

  it("skips items that it does not know, wherever they are (§9.3.1)", () => {
    const unknown = item("7e", "0102030405");
    const body = hex(`
      ${fixedFields} ${unknown} ${applicationContext}
      ${item("20", `01000000 ${unknown} ${item("30", ascii("1.2"))} ${item("40", ascii("1.3"))}`)}
      ${item("50", `${unknown} ${item("51", "00010000")} ${item("5f", "")}`)} ${item("99", "00")}`);
    expect(readControlPdu(1, body)).toMatchObject({
      contexts: [{ id: 1, abstractSyntax: "1.2", transferSyntaxes: ["1.3"] }],
      user: { maximumLength: 65536 },
    });
  });

  it("takes UIDs and titles that are padded", () => {
    const body = hex(`
      0001 0000 ${ascii(" PACS  \0        ")} ${ascii("  A B           ")} ${"00".repeat(32)}
      ${item("10", `${ascii("1.2.840.10008.3.1.1.1")}00`)}
      ${item("20", `05000000 ${item("30", `${ascii("1.2.3")}00`)} ${item("40", `${ascii("1.3.2")}20`)}`)}`);
    expect(readControlPdu(1, body)).toMatchObject({
      calledAet: "PACS",
      callingAet: "A B",
      applicationContext: "1.2.840.10008.3.1.1.1",
      contexts: [{ id: 5, abstractSyntax: "1.2.3", transferSyntaxes: ["1.3.2"] }],
    });
  });

  it.each([
    ["an item that ends beyond the PDU", `${fixedFields} 1000 0020 31`],
    ["an item without its length", `${fixedFields} 1000`],
    ["a PDU that ends in its titles", "0001 0000 4142"],
    ["a transfer syntax that ends beyond its context", `${fixedFields} ${item("20", "01000000 4000 0009 31")}`],
    ["a presentation context without an id", `${fixedFields} ${item("20", "")}`],
    ["an even presentation context", `${fixedFields} ${item("20", `02000000 ${item("30", "31")}`)}`],
    ["a presentation context twice", `${fixedFields} ${item("20", "01000000")} ${item("20", "01000000")}`],
    ["a maximum length of two bytes", `${fixedFields} ${item("50", item("51", "4000"))}`],
    ["a role without its flags", `${fixedFields} ${item("50", item("54", "0001 31"))}`],
    ["a user identity that ends beyond its item", `${fixedFields} ${item("50", item("58", "0100 ffff 41"))}`],
    ["related classes beyond their field", `${fixedFields} ${item("50", item("57", "0000 0000 0003 0009 31"))}`],
  ])("refuses %s", (_, body) => {
    expect(() => readControlPdu(1, hex(body))).toThrow(
      expect.objectContaining({ failure: "protocol", reason: "invalid PDU parameter value" }),
    );
  });
});

describe("the other PDUs (PS3.8 §9.3.4 to §9.3.8)", () => {
  it.each([
    ["A-ASSOCIATE-RJ", { type: "A-ASSOCIATE-RJ", result: 1, source: 2, reason: 3 }, "03 00 00000004 00 01 02 03"],
    ["A-RELEASE-RQ", { type: "A-RELEASE-RQ" }, "05 00 00000004 00000000"],
    ["A-RELEASE-RP", { type: "A-RELEASE-RP" }, "06 00 00000004 00000000"],
    ["A-ABORT", { type: "A-ABORT", source: 2, reason: 5 }, "07 00 00000004 00 00 02 05"],
  ] as const)("%s is read and written", (_, value, bytes) => {
    expect(writeControlPdu(value)).toEqual(hex(bytes));
    expect(readControlPdu(hex(bytes).readUInt8(), hex(bytes).subarray(6))).toEqual(value);
  });
});
