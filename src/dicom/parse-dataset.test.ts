import { describe, expect, test } from "vitest";
import { buildDataset } from "./build-dataset.ts";
import { parseDataset } from "./parse-dataset.ts";
import { writeDataset } from "./write.ts";

const PatientName = 0x00100010;
const Rows = 0x00280010;
const written = buildDataset([
  { tag: PatientName, value: "Smith^John" },
  { tag: Rows, value: 512 },
]);

describe("parseDataset", () => {
  test.each([
    { name: "implicit VR little endian", uid: "1.2.840.10008.1.2" },
    { name: "explicit VR little endian", uid: "1.2.840.10008.1.2.1" },
    { name: "explicit VR big endian", uid: "1.2.840.10008.1.2.2" },
    { name: "deflated", uid: "1.2.840.10008.1.2.1.99" },
  ])("reads $name", ({ uid }) => {
    const dataset = parseDataset(writeDataset(written, { transferSyntaxUID: uid }), { transferSyntaxUID: uid });
    expect(dataset.text(PatientName)).toBe("Smith^John");
    expect(dataset.number(Rows)).toBe(512);
  });

  /** PS3.5 §7.1.3: (0010,0010), 10 bytes. */
  test("reads the bytes of the standard's layout", () => {
    const bytes = Buffer.concat([Buffer.of(0x10, 0, 0x10, 0, 10, 0, 0, 0), Buffer.from("Smith^John")]);
    expect(parseDataset(bytes, { transferSyntaxUID: "1.2.840.10008.1.2" }).text(PatientName)).toBe("Smith^John");
  });

  test("an empty dataset has no elements", () => {
    expect(parseDataset(Buffer.alloc(0), { transferSyntaxUID: "1.2.840.10008.1.2" }).size).toBe(0);
  });

  test.each([
    { what: "is cut short", bytes: Buffer.of(0x10, 0, 0x10, 0, 10, 0, 0, 0, 0x41), uid: "1.2.840.10008.1.2" },
    { what: "has an unknown transfer syntax", bytes: Buffer.alloc(0), uid: "1.2.3" },
  ])("one that $what is refused", ({ bytes, uid }) => {
    expect(() => parseDataset(bytes, { transferSyntaxUID: uid })).toThrow(
      expect.objectContaining({ errorName: "BadFileFormat" }),
    );
  });
});
