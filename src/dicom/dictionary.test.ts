import { describe, expect, it } from "vitest";
import { keywordOf, lookupTag, parseTag, tagByKeyword } from "./dictionary.ts";

describe("lookupTag", () => {
  it("finds attributes of PS3.6", () => {
    expect(lookupTag(0x00100010)).toEqual({ tag: 0x00100010, vr: "PN", vm: "1", keyword: "PatientName" });
    expect(lookupTag(0x00200037)).toMatchObject({ vr: "DS", vm: "6", keyword: "ImageOrientationPatient" });
  });

  it("says where several VRs are possible", () => {
    expect(lookupTag(0x7fe00010)).toMatchObject({ vr: "OW", choice: "px" });
    expect(lookupTag(0x00280106)).toMatchObject({ vr: "US", choice: "xs" });
  });

  it("finds repeating groups and elements", () => {
    expect(lookupTag(0x60023000)).toMatchObject({ tag: 0x60023000, keyword: "OverlayData" });
    expect(lookupTag(0x50040005)?.keyword).toBe("RETIRED_CurveDimensions");
    expect(lookupTag(0x00203142)?.keyword).toBe("RETIRED_SourceImageIDs");
  });

  it("knows group lengths and private creators by rule", () => {
    expect(lookupTag(0x00080000)).toMatchObject({ vr: "UL", keyword: "GenericGroupLength" });
    expect(lookupTag(0x00090000)?.keyword).toBe("PrivateGroupLength");
    expect(lookupTag(0x00290011)).toMatchObject({ vr: "LO", keyword: "PrivateCreator" });
  });

  it("finds private attributes by their creator, in any block", () => {
    expect(lookupTag(0x00291010, "SIEMENS CSA HEADER")).toMatchObject({ vr: "OB", keyword: "CSAImageHeaderInfo" });
    expect(lookupTag(0x00294210, "SIEMENS CSA HEADER")?.keyword).toBe("CSAImageHeaderInfo");
    expect(lookupTag(0x00291010)).toBeUndefined();
    expect(lookupTag(0x00291010, "NOBODY")).toBeUndefined();
  });
});

describe("keywordOf", () => {
  it("prints as DCMTK and Orthanc do", () => {
    expect(keywordOf(0x00201070)).toBe("RETIRED_OtherStudyNumbers");
    expect(keywordOf(0x00101000)).toBe("OtherPatientIDs");
    expect(keywordOf(0x00091001)).toBe("Unknown Tag & Data");
    expect(keywordOf(0x00191014, "GEMS_ACQU_01")).toBe("EndNumberForBaseline");
  });
});

describe("tagByKeyword", () => {
  it("finds retired attributes with and without their mark", () => {
    expect(tagByKeyword("PatientID")).toBe(0x00100020);
    expect(tagByKeyword("OtherStudyNumbers")).toBe(0x00201070);
    expect(tagByKeyword("RETIRED_OtherStudyNumbers")).toBe(0x00201070);
    expect(tagByKeyword("OverlayData")).toBe(0x60003000);
    expect(tagByKeyword("Nothing")).toBeUndefined();
  });
});

describe("parseTag", () => {
  it("reads keywords and numbers", () => {
    expect(["PatientName", "0010,0010", "0010-0010", "00100010"].map(parseTag)).toEqual(Array(4).fill(0x00100010));
    expect(parseTag("0010,001")).toBeUndefined();
  });
});
