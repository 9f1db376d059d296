import { describe, expect, it } from "vitest";
import { defaultMainDicomTags, mainDicomTags, mainDicomTagsSignature } from "./main-dicom-tags.ts";

describe("mainDicomTags", () => {
  it("adds to the default tags, by keyword or number", () => {
    const { Study, Series } = mainDicomTags({ Study: ["ReasonForStudy", "0008,1080", "StudyDate"] });
    expect(Study).toEqual([...defaultMainDicomTags.Study, 0x00321030, 0x00081080]);
    expect(Series).toEqual(defaultMainDicomTags.Series);
  });

  it("refuses what is no tag and what is there twice", () => {
    expect(() => mainDicomTags({ Patient: ["Nothing"] })).toThrow('ExtraMainDicomTags.Patient: "Nothing"');
    expect(() => mainDicomTags({ Instance: ["Rows", "0028,0010"] })).toThrow("ExtraMainDicomTags.Instance: 0028,0010");
  });

  it("has the signature of Orthanc", () => {
    expect(mainDicomTagsSignature(mainDicomTags().Patient)).toBe("0010,0010;0010,0020;0010,0030;0010,0040;0010,1000");
  });
});
