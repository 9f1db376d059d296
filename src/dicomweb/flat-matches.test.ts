import { describe, expect, it } from "vitest";
import { flatMatches } from "./flat-matches.ts";

describe("flatMatches", () => {
  it("gives the first value of each attribute", () => {
    const match = {
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Doe^Jane", Ideographic: "x" }] },
      "00080061": { vr: "CS", Value: ["CT", "MR"] },
      "00201206": { vr: "IS", Value: [3] },
      "00080050": { vr: "SH" },
    };
    expect(flatMatches(JSON.stringify([match]))).toEqual([
      {
        "00100010": { Group: 16, Element: 16, Name: "PatientName", vr: "PN", Value: "Doe^Jane" },
        "00080061": { Group: 8, Element: 97, Name: "ModalitiesInStudy", vr: "CS", Value: "CT" },
        "00201206": { Group: 32, Element: 4614, Name: "NumberOfStudyRelatedSeries", vr: "IS", Value: 3 },
        "00080050": { Group: 8, Element: 80, Name: "AccessionNumber", vr: "SH" },
      },
    ]);
  });

  it.each(["<html>", "{}", "[1]"])("refuses %s", (text) => {
    expect(() => flatMatches(text)).toThrow(expect.objectContaining({ errorName: "NetworkProtocol" }));
  });
});
