import { describe, expect, test } from "vitest";
import { instanceHead } from "./instance-head.ts";
import { parseDicom } from "./parse.ts";

const head = {
  SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
  SOPInstanceUID: "1.2.3.45",
  transferSyntaxUID: "1.2.840.10008.1.2.1",
  sourceAet: "CT1",
};

describe("instanceHead (PS3.10 §7.1)", () => {
  test("has preamble, prefix and the length of the group", () => {
    const bytes = instanceHead(head);
    expect(bytes.subarray(0, 128)).toEqual(Buffer.alloc(128));
    expect(bytes.toString("latin1", 128, 132)).toBe("DICM");
    expect(bytes.subarray(132, 140)).toEqual(Buffer.of(2, 0, 0, 0, 0x55, 0x4c, 4, 0));
    expect(bytes.readUInt32LE(140)).toBe(bytes.length - 144);
  });

  test("is read back", () => {
    const { meta, transferSyntaxUID, datasetOffset } = parseDicom(instanceHead(head));
    expect(meta.get(0x00020001)?.value).toEqual(Buffer.of(0, 1));
    expect(meta.text(0x00020002)).toBe(head.SOPClassUID);
    expect(meta.text(0x00020003)).toBe(head.SOPInstanceUID);
    expect(meta.text(0x00020016)).toBe("CT1");
    expect(meta.get(0x00020016)?.length).toBe(4);
    expect(transferSyntaxUID).toBe(head.transferSyntaxUID);
    expect(datasetOffset).toBe(instanceHead(head).length);
  });
});
