import { describe, expect, it } from "vitest";
import { parseStowAnswer } from "./stow-answer.ts";
import { readStowDataset } from "./stow-answer-body.ts";

const reference = (uid: string): object => ({
  "00081150": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.2"] },
  "00081155": { vr: "UI", Value: [uid] },
});

describe("parseStowAnswer", () => {
  it("reads stored and failed instances (PS3.18 Table 10.5.3-1)", () => {
    const answer = parseStowAnswer({
      "00081199": { vr: "SQ", Value: [reference("1.1"), reference("1.2 ")] },
      "00081198": { vr: "SQ", Value: [{ ...reference("1.3"), "00081197": { vr: "US", Value: [0xa700] } }] },
    });
    expect(answer).toEqual({
      storedCount: 2,
      storedUids: new Set(["1.1", "1.2"]),
      failures: [{ SOPInstanceUID: "1.3", reason: "A700 (out of resources)" }],
    });
  });

  it("reads Google's failures: without UIDs, the words in a private attribute", () => {
    const failed = {
      "00081197": { vr: "US", Value: [272] },
      "00090010": { vr: "LO", Value: ["GOOGLE"] },
      "00091097": { vr: "LT", Value: ["already exists, but the DICOM files differ"] },
    };
    expect(parseStowAnswer({ "00081198": { vr: "SQ", Value: [failed] } })?.failures).toEqual([
      { reason: "0110 (processing failure): already exists, but the DICOM files differ" },
    ]);
  });

  it("reads the Other Failures Sequence", () => {
    const answer = parseStowAnswer({
      "0008119A": { vr: "SQ", Value: [{ "00081197": { vr: "US", Value: [0xc000] } }] },
    });
    expect(answer?.failures).toEqual([{ reason: "C000 (cannot understand the data set)" }]);
  });

  it("understands tags in lower case, and sequences without items", () => {
    const answer = parseStowAnswer({ "0008119a": { vr: "SQ", Value: [{}] }, "00081199": { vr: "SQ" } });
    expect(answer).toEqual({ storedCount: 0, storedUids: new Set(), failures: [{ reason: "no reason given" }] });
  });

  it.each([[undefined], [null], ["text"], [[]], [{}], [{ error: { message: "no" } }]])(
    "is undefined for %j",
    (body) => {
      expect(parseStowAnswer(body)).toBeUndefined();
    },
  );
});

describe("readStowDataset", () => {
  it("reads Google's XML, in which a failure has no UID and FailureDetail is (0009,0097)", () => {
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
      <NativeDicomModel>
        <DicomAttribute tag="00081190" vr="UR" keyword="RetrieveURL"><Value number="1">https://h/studies/1</Value></DicomAttribute>
        <DicomAttribute tag="00081198" vr="SQ" keyword="FailedSOPSequence"><Item number="1">
          <DicomAttribute tag="00081197" vr="US" keyword="FailureReason"><Value number="1">272</Value></DicomAttribute>
          <DicomAttribute tag="00090097" vr="LT" privateCreator="GOOGLE"><Value number="1">checksum mismatch</Value></DicomAttribute>
        </Item></DicomAttribute>
        <DicomAttribute tag="00081199" vr="SQ" keyword="ReferencedSOPSequence"><Item number="1">
          <DicomAttribute tag="00081150" vr="UI"><Value number="1">1.2.840.10008.5.1.4.1.1.2</Value></DicomAttribute>
          <DicomAttribute tag="00081155" vr="UI"><Value number="1">1.1</Value></DicomAttribute>
        </Item></DicomAttribute>
      </NativeDicomModel>`;
    expect(parseStowAnswer(readStowDataset(xml))).toEqual({
      storedCount: 1,
      storedUids: new Set(["1.1"]),
      failures: [{ reason: "0110 (processing failure): checksum mismatch" }],
    });
  });

  it.each(["", "conflict", "<html><body>502</body></html>", "<NativeDicomModel"])("is undefined for %j", (body) => {
    expect(readStowDataset(body)).toBeUndefined();
  });
});
