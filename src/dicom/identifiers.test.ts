import { describe, expect, it } from "vitest";
import { hashIdentifiers, isOrthancIdentifier } from "./identifiers.ts";

describe("hashIdentifiers", () => {
  it("gives the identifiers that Orthanc 1.10.1 gives", () => {
    const identifiers = hashIdentifiers({
      PatientID: "  AB",
      StudyInstanceUID: "1.3.6.1.4.1.5962.1.2.0.1175775772.5720.0",
      SeriesInstanceUID: "1.3.6.1.4.1.5962.1.3.0.1.1175775772.5720.0",
      SOPInstanceUID: "1.3.6.1.4.1.5962.1.1.0.1.1.1175775772.5720.0",
    });
    expect(identifiers.Patient).toBe("384a0d54-e8220841-8ee2cb21-b9cd1c88-7f36d660");
    expect(identifiers.Instance).toBe("6e54084c-c5f89e73-aab6be75-037fd1b7-3ee0d9ff");
  });

  it("hashes an absent PatientID as the empty text", () => {
    const none = { PatientID: "", StudyInstanceUID: "1", SeriesInstanceUID: "2", SOPInstanceUID: "3" };
    // SHA-1 of nothing.
    expect(hashIdentifiers(none).Patient).toBe("da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709");
  });
});

describe("isOrthancIdentifier", () => {
  it("checks the form", () => {
    expect(isOrthancIdentifier("da39a3ee-5e6b4b0d-3255bfef-95601890-afd80709")).toBe(true);
    expect(isOrthancIdentifier("da39a3ee5e6b4b0d3255bfef95601890afd80709")).toBe(false);
    expect(isOrthancIdentifier("DA39A3EE-5E6B4B0D-3255BFEF-95601890-AFD80709")).toBe(false);
  });
});
