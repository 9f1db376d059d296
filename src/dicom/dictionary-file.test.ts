import { afterEach, describe, expect, it } from "vitest";
import { parseDictionaryFile } from "./dictionary-file.ts";
import { keywordOf, lookupTag, parseTag, setOwnDictionary } from "./dictionary.ts";
import { readOwnAttributes } from "./own-attributes.ts";

afterEach(() => setOwnDictionary({ withVendors: true, attributes: [] }));

// The form of the lines is told at the beginning of DCMTK's dicom.dic and private.dic.
const file = `#
# comment
(0010,0010)\tPN\tNameOfThePatient\t1\tlocal
(5000-50FF,9876)\tox\tOwn Curve\t1-n\tlocal
(0009-o-FFFF,0010-u-00FF)\tLO\tPrivateCreator\t1\tPRIVATE
(0029,"ACME 1.0",10)\tSQ\tAcmeSequence\t1\tprivate
(0029,"ACME 1.0",1123)\tUS\tAcmeFixed\t2\tprivate
no line at all
`;

describe("a dictionary of the user", () => {
  it("is read from DCMTK's files", () => {
    expect(parseDictionaryFile(file)).toEqual([
      { line: "00100010 PN 1 NameOfThePatient" },
      { line: "50xx9876 ox 1-n OwnCurve" },
      { creator: "ACME 1.0", line: "002910 SQ 1 AcmeSequence" },
      { creator: "ACME 1.0", line: "00291123 US 2 AcmeFixed" },
    ]);
  });

  it("is looked up before the built-in ones", () => {
    setOwnDictionary({ withVendors: true, attributes: parseDictionaryFile(file) });
    expect(keywordOf(0x00100010)).toBe("NameOfThePatient");
    expect(parseTag("NameOfThePatient")).toBe(0x00100010);
    expect(lookupTag(0x50049876)).toMatchObject({ vr: "OW", keyword: "OwnCurve" });
    expect(lookupTag(0x00294210, "ACME 1.0")).toMatchObject({ vr: "SQ", keyword: "AcmeSequence" });
    expect(lookupTag(0x00291123, "ACME 1.0")).toMatchObject({ vr: "US", keyword: "AcmeFixed", vm: "2" });
    expect(keywordOf(0x00201041)).toBe("SliceLocation");
    expect(keywordOf(0x00291010, "SIEMENS CSA HEADER")).toBe("CSAImageHeaderInfo");
  });

  it("can do without the attributes of vendors", () => {
    setOwnDictionary({ withVendors: false, attributes: parseDictionaryFile(file) });
    expect(lookupTag(0x00291010, "SIEMENS CSA HEADER")).toBeUndefined();
    expect(lookupTag(0x00291010, "ACME 1.0")).toBeDefined();
  });

  it("is written in the configuration as Orthanc has it", () => {
    const attributes = readOwnAttributes(
      {
        "0014,1020": ["DA", "ValidationExpiryDate", 1, 1],
        "00e1,10c2": ["UI", "PET-CT Multi Modality Name", 1, 1, "ELSCINT1"],
        "7053,1003": ["ST", "Original Image Filename", 1, 0],
        "0011,1001": ["LO", "Short"],
      },
      "DEFAULT",
    );
    setOwnDictionary({ withVendors: true, attributes });
    expect(lookupTag(0x00141020)).toMatchObject({ vr: "DA", vm: "1", keyword: "ValidationExpiryDate" });
    expect(lookupTag(0x00e120c2, "ELSCINT1")).toMatchObject({ vr: "UI", keyword: "PET-CT Multi Modality Name" });
    expect(lookupTag(0x70531003, "DEFAULT")).toMatchObject({ vr: "ST", vm: "1-n", keyword: "Original Image Filename" });
    expect(parseTag("PET-CT Multi Modality Name")).toBe(0x00e110c2);
    expect(parseTag("Short")).toBe(0x00111001);
  });

  it.each([
    { x: ["LO", "Name"] },
    { "0011,1001": ["XX", "Name"] },
    { "0011,1001": ["LO"] },
    { "0011,1001": ["LO", "Name", -1] },
    { "0011,1001": ["LO", "Name", 1, 1, 5] },
    { "0011,1001": "LO" },
  ])("is refused when it is wrong: %j", (dictionary) => {
    expect(() => readOwnAttributes(dictionary, "")).toThrow(
      expect.objectContaining({ errorName: "ParameterOutOfRange", details: expect.stringContaining("gggg,eeee") }),
    );
  });
});
