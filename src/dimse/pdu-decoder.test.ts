import { describe, expect, it } from "vitest";
import { writeControlPdu } from "./control-pdu.ts";
import { PduDecoder, type Fragment } from "./pdu-decoder.ts";
import { dicomApplicationContext, emptyUserInformation, type ControlPdu } from "./pdu.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(/\s/g, ""), "hex");

/** Everything that a decoder finds in these chunks. */
function decode(chunks: readonly Buffer[], maximumLength = 0): { pdus: ControlPdu[]; fragments: Fragment[] } {
  const pdus: ControlPdu[] = [];
  const fragments: Fragment[] = [];
  const decoder = new PduDecoder(maximumLength, {
    pdu: (pdu) => pdus.push(pdu),
    fragment: (fragment) => fragments.push(fragment),
  });
  for (const chunk of chunks) decoder.push(chunk);
  return { pdus, fragments };
}

/** A P-DATA-TF with two PDVs: a last command fragment in context 1, then a dataset fragment in context 3. */
const twoPdvs = hex(`
  04 00 00000016
  00000005 01 03 aabbcc
  00000009 03 00 01020304050607`);
const release = hex("05 00 00000004 00000000");

describe("PduDecoder (PS3.8 §9.3)", () => {
  it("finds PDVs and PDUs, without copying the bytes of PDVs", () => {
    const stream = Buffer.concat([twoPdvs, release]);
    const { pdus, fragments } = decode([stream]);
    expect(pdus).toEqual([{ type: "A-RELEASE-RQ" }]);
    expect(fragments).toEqual([
      { contextId: 1, isCommand: true, isLast: true, bytes: hex("aabbcc") },
      { contextId: 3, isCommand: false, isLast: false, bytes: hex("01020304050607") },
    ]);
    for (const { bytes } of fragments) expect(bytes.buffer).toBe(stream.buffer);
  });

  it("finds the same however the stream is cut", () => {
    const associate = writeControlPdu({
      type: "A-ASSOCIATE-RQ",
      protocolVersion: 1,
      calledAet: "A",
      callingAet: "B",
      applicationContext: dicomApplicationContext,
      contexts: [{ id: 1, abstractSyntax: "1.2", transferSyntaxes: ["1.3"] }],
      user: emptyUserInformation,
    });
    const stream = Buffer.concat([associate, twoPdvs, release]);
    const whole = decode([stream]);
    for (let size = 1; size < stream.length; size += 1) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
        stream.subarray(index * size, (index + 1) * size),
      );
      const { pdus, fragments } = decode(chunks);
      expect(pdus).toEqual(whole.pdus);
      const ofContext = (id: number) => Buffer.concat(fragments.filter((f) => f.contextId === id).map((f) => f.bytes));
      expect([ofContext(1), ofContext(3)]).toEqual([hex("aabbcc"), hex("01020304050607")]);
      expect(fragments.filter(({ isLast }) => isLast)).toHaveLength(1);
    }
  });

  it("passes parts of a PDV on as they come", () => {
    const { fragments } = decode([hex("04 00 7fffffff 7ffffffb 01 02 aaaa"), hex("bbbbbb")]);
    expect(fragments).toEqual([
      { contextId: 1, isCommand: false, isLast: false, bytes: hex("aaaa") },
      { contextId: 1, isCommand: false, isLast: false, bytes: hex("bbbbbb") },
    ]);
  });

  it("takes a PDV without a value", () => {
    const { fragments } = decode([hex("04 00 00000006 00000002 01 02")]);
    expect(fragments).toEqual([{ contextId: 1, isCommand: false, isLast: true, bytes: Buffer.alloc(0) }]);
  });

  it.each([
    ["a PDU of an unknown type", "08 00 00000004 00000000", "unrecognized PDU"],
    ["an A-ASSOCIATE-RQ of 4 GB", "01 00 ffffffff", "invalid PDU parameter value"],
    ["an A-ASSOCIATE-AC of 1 MiB and a byte", "02 00 00100001", "invalid PDU parameter value"],
    ["an A-ASSOCIATE-RQ without its fixed fields", "01 00 00000043", "invalid PDU parameter value"],
    ["an A-RELEASE-RQ of 5 bytes", "05 00 00000005", "invalid PDU parameter value"],
    ["an A-ABORT of 0 bytes", "07 00 00000000", "invalid PDU parameter value"],
    ["an A-ASSOCIATE-RJ of 3 bytes", "03 00 00000003", "invalid PDU parameter value"],
    ["a P-DATA-TF without room for a PDV", "04 00 00000005", "invalid PDU parameter value"],
    ["a P-DATA-TF above the maximum length", "04 00 00000407", "invalid PDU parameter value"],
    ["a PDV that ends beyond its PDU", "04 00 0000000a 00000007 01 03", "invalid PDU parameter value"],
    ["a PDV of 4 GB", "04 00 0000000a ffffffff 01 03", "invalid PDU parameter value"],
    ["a PDV without its own header", "04 00 0000000a 00000001 01 03", "invalid PDU parameter value"],
    ["a PDU with bytes after its last PDV", "04 00 0000000a 00000003 01 03", "invalid PDU parameter value"],
  ])("refuses %s before anything of it is taken", (_, bytes, reason) => {
    expect(() => decode([hex(bytes)], 1024)).toThrow(expect.objectContaining({ failure: "protocol", reason }));
  });

  it("takes a P-DATA-TF whose sender did not count the header of its PDV", () => {
    expect(decode([hex("04 00 00000406 00000402 01 02")], 1024).fragments).toEqual([]);
  });
});
