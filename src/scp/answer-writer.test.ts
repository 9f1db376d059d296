import { describe, expect, test } from "vitest";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import type { VR } from "../dicom/vr.ts";
import { AnswerWriter } from "./answer-writer.ts";

const PatientName = 0x00100010;
const PatientID = 0x00100020;
const ImageComments = 0x00204000;
const NumberOfSlices = 0x00540081;
const TextValue = 0x0040a160;
const syntaxes = ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"];

function writerFor(
  transferSyntaxUID: string,
  attributes: readonly { readonly tag: number; readonly vr: VR }[],
  charset = "ISO_IR 100",
) {
  return new AnswerWriter({
    attributes,
    constants: new Map([[0x00080005, charset]]),
    charset: SpecificCharacterSet.parse(charset),
    transferSyntaxUID,
  });
}

describe.each(syntaxes)("answers in %s", (transferSyntaxUID) => {
  const read = (bytes: Buffer) => parseDataset(bytes, { transferSyntaxUID });

  test("are whole wherever a block ends, and stay as they are when others follow", () => {
    const writer = writerFor(transferSyntaxUID, [
      { tag: PatientID, vr: "LO" },
      { tag: PatientName, vr: "PN" },
    ]);
    const ids = Array.from({ length: 3000 }, (_, at) => "X".repeat(1 + (at % 60)) + at);
    const answers = ids.map((id) => writer.write({ requestedTags: { "00100020": id, "00100010": "Müller" } }));
    const datasets = answers.map(read);
    expect(datasets.map((dataset) => dataset.text(PatientID))).toEqual(ids);
    expect(new Set(datasets.map((dataset) => dataset.text(PatientName)))).toEqual(new Set(["Müller"]));
    expect(answers.every(({ length }) => length % 2 === 0)).toBe(true);
  });

  test("hold numbers, long texts, and nothing for what is no number", () => {
    const writer = writerFor(transferSyntaxUID, [
      { tag: NumberOfSlices, vr: "US" },
      { tag: TextValue, vr: "UT" },
    ]);
    const long = "abc".repeat(50_000);
    const good = read(writer.write({ requestedTags: { "00540081": "12", "0040A160": long } }));
    expect(good.number(NumberOfSlices)).toBe(12);
    expect(good.text(TextValue)).toBe(long);
    const bad = read(writer.write({ requestedTags: { "00540081": "twelve", "0040A160": "" } }));
    expect(bad.get(NumberOfSlices)?.length).toBe(0);
    expect(bad.get(TextValue)?.length).toBe(0);
  });

  test("have texts and bytes of files with the VR that they have there", () => {
    const file = buildDataset([
      { tag: 0x00290010, vr: "LO", value: "SOMEBODY" },
      { tag: 0x00291001, vr: "LO", value: "text" },
      { tag: 0x00291002, vr: "OW", value: Buffer.of(1, 0, 2, 0) },
    ]);
    const writer = writerFor(transferSyntaxUID, [
      { tag: 0x00291001, vr: "UN" },
      { tag: 0x00291002, vr: "UN" },
    ]);
    const answer = read(writer.write({ requestedTags: { "00291001": "text" }, file }));
    expect(answer.get(0x00291001)?.value?.toString("latin1")).toBe("text");
    const swapped = transferSyntaxUID.endsWith(".2.2");
    expect(answer.get(0x00291002)?.value).toEqual(swapped ? Buffer.of(0, 1, 0, 2) : Buffer.of(1, 0, 2, 0));
  });

  test("that are too long for a short length are still answered", () => {
    const writer = writerFor(transferSyntaxUID, [{ tag: ImageComments, vr: "LT" }]);
    const answer = read(writer.write({ requestedTags: { "00204000": "x".repeat(70_000) } }));
    expect(answer.get(ImageComments)?.length).toBe(70_000);
  });
});
