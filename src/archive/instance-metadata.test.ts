import { describe, expect, test } from "vitest";
import { dataset, fileHeader, type Elements } from "../../test/phantoms/explicit-writer.ts";
import { mainDicomTags } from "../dicom/main-dicom-tags.ts";
import { parseDicom } from "../dicom/parse.ts";
import type { Origin } from "./archive.ts";
import { identify } from "./identify.ts";
import { metadataOf } from "./instance-metadata.ts";
import { prepareMainTags } from "./main-tags.ts";
import { metadataNumbers } from "./metadata-numbers.ts";

const tags = prepareMainTags(mainDicomTags({ Study: ["ReferencedStudySequence"] }));
const explicit = "1.2.840.10008.1.2.1";
const jpegBaseline = "1.2.840.10008.1.2.4.50";

const restApi: Origin = { kind: "RestApi" };

const base: Elements = [
  [0x00080018, "UI", "1.2.3"],
  [0x0020000d, "UI", "1.2.4"],
  [0x0020000e, "UI", "1.2.5"],
];

function metadata(elements: Elements, { transferSyntax = explicit, origin = restApi } = {}) {
  const ordered = [...base, ...elements].toSorted(([first], [second]) => first - second);
  const header = parseDicom(Buffer.concat([fileHeader("1.2.6", "1.2.3", transferSyntax), dataset(ordered)]), {
    stopAtPixelData: true,
  });
  return metadataOf({ header, origin, ...identify(header) }, tags, "20261123T120000");
}

test("a modality's origin is told in full", () => {
  const origin: Origin = { kind: "DicomProtocol", remoteAet: "CT1", calledAet: "ORTHANC", remoteIp: "192.0.2.7" };
  const { Instance, Series } = metadata([], { origin });
  expect(Instance).toMatchObject({ 3: "CT1", 8: "DicomProtocol", 11: "192.0.2.7", 12: "ORTHANC" });
  expect(Series).toMatchObject({ 3: "CT1" });
});

/** Behaviour §2.3. */
describe("ExpectedNumberOfInstances", () => {
  const ImagesInAcquisition = 0x00201002;
  const NumberOfTemporalPositions = 0x00200105;
  const NumberOfSlices = 0x00540081;
  const NumberOfTimeSlices = 0x00540101;
  const CardiacNumberOfImages = 0x00181090;

  test.each<{ elements: Elements; expected: string | undefined }>([
    { elements: [], expected: undefined },
    { elements: [[ImagesInAcquisition, "IS", "20"]], expected: undefined },
    {
      elements: [
        [ImagesInAcquisition, "IS", "20"],
        [NumberOfTemporalPositions, "IS", "3"],
      ],
      expected: "60",
    },
    {
      elements: [
        [NumberOfSlices, "US", 47],
        [NumberOfTimeSlices, "US", 2],
      ],
      expected: "94",
    },
    { elements: [[CardiacNumberOfImages, "IS", "16"]], expected: "16" },
    { elements: [[CardiacNumberOfImages, "IS", "0"]], expected: undefined },
  ])("$expected", ({ elements, expected }) => {
    expect(metadata(elements).Series[metadataNumbers.ExpectedNumberOfInstances]).toBe(expected);
  });
});

describe("IndexInSeries", () => {
  test.each<{ elements: Elements; index: string | undefined }>([
    { elements: [], index: undefined },
    { elements: [[0x00200013, "IS", " 7 "]], index: "7" },
    { elements: [[0x00541330, "US", 9]], index: "9" },
    {
      elements: [
        [0x00200013, "IS", "7"],
        [0x00541330, "US", 9],
      ],
      index: "7",
    },
  ])("$index", ({ elements, index }) => {
    expect(metadata(elements).Instance[metadataNumbers.IndexInSeries]).toBe(index);
  });
});

const bits = (allocated: number): Elements[number] => [0x00280100, "US", allocated];

/** What is usual is in PS3.5 Annex A. */
describe("PixelDataVR is kept where it is unusual", () => {
  const pixels = Buffer.alloc(4);

  test.each<{ elements: Elements; transferSyntax: string; vr: string | undefined }>([
    { elements: [bits(16), [0x7fe00010, "OW", pixels]], transferSyntax: explicit, vr: undefined },
    { elements: [bits(16), [0x7fe00010, "OB", pixels]], transferSyntax: explicit, vr: "OB" },
    { elements: [bits(8), [0x7fe00010, "OB", pixels]], transferSyntax: explicit, vr: undefined },
    { elements: [bits(8), [0x7fe00010, "OW", pixels]], transferSyntax: explicit, vr: "OW" },
    { elements: [bits(16), [0x7fe00010, "OW", pixels]], transferSyntax: jpegBaseline, vr: "OW" },
    { elements: [bits(16)], transferSyntax: explicit, vr: undefined },
  ])("$vr in $transferSyntax", ({ elements, transferSyntax, vr }) => {
    expect(metadata(elements, { transferSyntax }).Instance[metadataNumbers.PixelDataVR]).toBe(vr);
  });
});

test("sequences among the main DICOM tags are kept as Orthanc writes them", () => {
  const item: Elements = [[0x00081150, "UI", "1.2.7"]];
  const { Study, Series } = metadata([[0x00081110, "SQ", [item]]]);
  const sequences: unknown = JSON.parse(Study[metadataNumbers.MainDicomSequences] ?? "null");
  expect(sequences).toEqual({
    Version: 1,
    Sequences: {
      "0008,1110": {
        Name: "ReferencedStudySequence",
        Type: "Sequence",
        Value: [{ "0008,1150": { Name: "ReferencedSOPClassUID", Type: "String", Value: "1.2.7" } }],
      },
    },
  });
  expect(Series[metadataNumbers.MainDicomSequences]).toBeUndefined();
});
