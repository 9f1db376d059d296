import { describe, expect, it } from "vitest";
import { SpecificCharacterSet } from "./charset.ts";
import { datasetFromJson } from "./from-orthanc-json.ts";
import { toJsonModel } from "./json-model.ts";

const utf8 = { charset: SpecificCharacterSet.utf8 };

/** The dataset as PS3.18 Annex F prints it. */
const model = (tags: object, options = {}) => toJsonModel(datasetFromJson(tags, { ...utf8, ...options }));

describe("datasetFromJson", () => {
  it("reads keywords and the spellings of numbers", () => {
    expect(model({ PatientName: "Doe^Jane", "0010,0020": "1", "00100040": "F", "0008-0060": "CT" })).toEqual({
      "00080060": { vr: "CS", Value: ["CT"] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Doe^Jane" }] },
      "00100020": { vr: "LO", Value: ["1"] },
      "00100040": { vr: "CS", Value: ["F"] },
    });
  });

  it("reads texts, numbers, lists and null as their VR needs", () => {
    expect(
      model({
        OtherPatientIDs: ["a", "b"],
        ImageType: String.raw`ORIGINAL\PRIMARY`,
        PatientWeight: 61.5,
        InstanceNumber: 7,
        Rows: "512",
        Columns: 256,
        RedPaletteColorLookupTableDescriptor: String.raw`256\0\16`,
        SmallestImagePixelValue: "-5",
        RecommendedDisplayFrameRateInFloat: [1.5, "2.5"],
        FrameIncrementPointer: "0018,1063",
        DimensionIndexPointer: "PatientName",
        PatientComments: null,
        LossyImageCompression: "",
        TagAngleFirstAxis: "",
      }),
    ).toMatchObject({
      "00101000": { vr: "LO", Value: ["a", "b"] },
      "00080008": { vr: "CS", Value: ["ORIGINAL", "PRIMARY"] },
      "00101030": { vr: "DS", Value: [61.5] },
      "00200013": { vr: "IS", Value: [7] },
      "00280010": { vr: "US", Value: [512] },
      "00280011": { vr: "US", Value: [256] },
      "00281101": { vr: "US", Value: [256, 0, 16] },
      "00280106": { vr: "SS", Value: [-5] },
      "00280009": { vr: "AT", Value: ["00181063"] },
      "00209165": { vr: "AT", Value: ["00100010"] },
      "00104000": { vr: "LT" },
      "00282110": { vr: "CS" },
      "00189019": { vr: "FD" },
    });
  });

  it("reads sequences, also a lone item, and items in items", () => {
    expect(
      model({
        ScheduledProcedureStepSequence: [
          { Modality: "CT", ScheduledProtocolCodeSequence: [{ CodeValue: "1" }, {}] },
          { Modality: "MR" },
        ],
        ReferencedStudySequence: { ReferencedSOPInstanceUID: "1.2" },
        ReferencedPatientSequence: [],
        RequestedProcedureCodeSequence: null,
      }),
    ).toEqual({
      "00081110": { vr: "SQ", Value: [{ "00081155": { vr: "UI", Value: ["1.2"] } }] },
      "00081120": { vr: "SQ" },
      "00321064": { vr: "SQ" },
      "00400100": {
        vr: "SQ",
        Value: [
          {
            "00080060": { vr: "CS", Value: ["CT"] },
            "00400008": { vr: "SQ", Value: [{ "00080100": { vr: "SH", Value: ["1"] } }, {}] },
          },
          { "00080060": { vr: "CS", Value: ["MR"] } },
        ],
      },
    });
  });

  it("may be named as the one that is taken anyway", () => {
    const latin1 = { charset: SpecificCharacterSet.parse("ISO_IR 100") };
    const named = datasetFromJson({ SpecificCharacterSet: "ISO_IR 100", PatientName: "Müller" }, latin1);
    expect(named.text(0x00100010)).toBe("Müller");
  });

  it("encodes in the character set of the options, or that of the tags, in items too", () => {
    const latin = datasetFromJson(
      { SpecificCharacterSet: "ISO_IR 100", PatientName: "Müller", OtherPatientIDsSequence: [{ PatientID: "é" }] },
      utf8,
    );
    expect(latin.get(0x00100010)?.value).toEqual(Buffer.from("Müller", "latin1"));
    expect(latin.items(0x00101002)[0]?.get(0x00100020)?.value).toEqual(Buffer.from("é ", "latin1"));
    const unicode = datasetFromJson({ PatientName: "Müller" }, utf8);
    expect(unicode.get(0x00100010)?.value?.toString("utf8")).toBe("Müller ");
    expect(unicode.has(0x00080005)).toBe(false);
  });

  it("reads data URIs as bytes, if wanted", () => {
    const uri = "data:application/octet-stream;base64,AQIDBA==";
    expect(model({ EncapsulatedDocument: uri, "0009,1002": uri }, { privateCreator: "ACME" })).toMatchObject({
      "00420011": { vr: "OB", InlineBinary: "AQIDBA==" },
      "00091002": { vr: "UN", InlineBinary: "AQIDBA==" },
    });
    const asText = datasetFromJson({ PatientComments: uri }, { ...utf8, interpretBinaryTags: false });
    expect(asText.text(0x00104000)).toBe(uri);
    const picture = "data:image/png;base64,AQIDBA==";
    expect(datasetFromJson({ PatientComments: picture }, utf8).text(0x00104000)).toBe(picture);
  });

  // PS3.5 §7.8.1; (0029,xx08) of "SIEMENS CSA HEADER" is a CS in DCMTK's private dictionary.
  it("reserves the blocks of private tags", () => {
    expect(
      model({ "0029,1001": "x", "0031,1101": "y", "0031,0011": "OTHER", "0029,2210": "z" }, { privateCreator: "ACME" }),
    ).toMatchObject({
      "00290010": { vr: "LO", Value: ["ACME"] },
      "00290022": { vr: "LO", Value: ["ACME"] },
      "00291001": { vr: "LO", Value: ["x"] },
      "00310011": { vr: "LO", Value: ["OTHER"] },
      "00311101": { vr: "LO", Value: ["y"] },
    });
    expect(model({ "0029,1008": "IMAGE" }, { privateCreator: "SIEMENS CSA HEADER" })["00291008"]).toEqual({
      vr: "CS",
      Value: ["IMAGE"],
    });
  });

  it("leaves out the lengths of groups", () => {
    expect(model({ "0010,0000": 14, PatientID: "1" })).toEqual({ "00100020": { vr: "LO", Value: ["1"] } });
  });

  it.each([
    [{ NoSuchTag: "1" }, "UnknownDicomTag", '"NoSuchTag" is no DICOM tag'],
    [{ OtherPatientIDsSequence: [{ Nope: "" }] }, "UnknownDicomTag", '"OtherPatientIDsSequence[0].Nope"'],
    [{ "FFFE,E000": "" }, "ParameterOutOfRange", "is no attribute"],
    [{ PatientName: true }, "BadParameterType", "PatientName: expected a string or a number, for VR PN"],
    [{ PatientName: { Alphabetic: "x" } }, "BadParameterType", "PatientName"],
    [{ OtherPatientIDsSequence: "x" }, "BadParameterType", "OtherPatientIDsSequence[0]: expected an object"],
    [{ Rows: "wide" }, "BadFileFormat", '"wide" is no number'],
    [{ Rows: 70000 }, "BadFileFormat", "70000 is not between 0 and 65535"],
    [{ "0029,1001": "x" }, "ParameterOutOfRange", "expected its creator at 0029,0010"],
    [{ "0029,0101": "x" }, "ParameterOutOfRange", "0029,0101 is in no private block"],
    [{ SpecificCharacterSet: "KLINGON" }, "ParameterOutOfRange", '"KLINGON" is not supported'],
  ])("refuses %j", (tags, errorName, details) => {
    expect(() => datasetFromJson(tags, utf8)).toThrow(
      expect.objectContaining({ errorName, details: expect.stringContaining(details) }),
    );
  });

  it("refuses what would exhaust the stack", () => {
    let tags: object = {};
    for (let depth = 0; depth < 600; depth++) tags = { OtherPatientIDsSequence: [tags] };
    expect(() => datasetFromJson(tags, utf8)).toThrow("nested too deeply");
  });
});
