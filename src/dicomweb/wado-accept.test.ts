import { describe, expect, it } from "vitest";
import { frameForms } from "./frame-media-types.ts";
import { parseRetrieveAccept } from "./wado-accept.ts";

const explicit = "1.2.840.10008.1.2.1";
const jpegLossless = "1.2.840.10008.1.2.4.70";
const jpegBaseline = "1.2.840.10008.1.2.4.50";
const rle = "1.2.840.10008.1.2.5";

describe("parseRetrieveAccept", () => {
  it.each([
    [undefined, true, explicit],
    ["*/*", true, explicit],
    ["multipart/related", true, explicit],
    ['multipart/related; type="application/dicom"', true, explicit],
    ["multipart/related; type=application/dicom; transfer-syntax=*", true, "*"],
    ['multipart/related; type="application/dicom"; transfer-syntax=1.2.840.10008.1.2.4.70', true, jpegLossless],
    ['multipart/related; type="application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70"', true, jpegLossless],
    ['text/html, multipart/related; type="application/dicom"; transfer-syntax=*;q=0.5', true, "*"],
    ["application/dicom; transfer-syntax=*", false, "*"],
  ])("reads %j", (header, multipart, transferSyntaxUID) => {
    expect(parseRetrieveAccept(header, true)).toEqual({ multipart, transferSyntaxUID });
  });

  it("gives a bare file for one instance only", () => {
    expect(() => parseRetrieveAccept("application/dicom", false)).toThrow("cannot answer");
  });

  it.each([
    "application/zip",
    'multipart/related; type="image/jpeg"',
    'multipart/related; type="application/dicom"; transfer-syntax=1.2.3',
    'multipart/form-data; type="application/dicom"',
  ])("refuses %j with 400", (header) => {
    expect(() => parseRetrieveAccept(header, true)).toThrow(expect.objectContaining({ errorName: "BadRequest" }));
  });
});

describe("frameForms", () => {
  const octets = "application/octet-stream";

  it.each([
    [undefined, explicit, octets],
    [undefined, jpegBaseline, octets],
    ["*/*", jpegBaseline, octets],
    ["multipart/related; type=application/octet-stream", explicit, octets],
    ["multipart/related; type=application/octet-stream", jpegLossless, octets],
    ['multipart/related; type="application/octet-stream"', "1.2.840.10008.1.2.2", octets],
    [`multipart/related; type="application/octet-stream"; transfer-syntax=${explicit}`, explicit, octets],
    [`multipart/related; type="application/octet-stream"; transfer-syntax=${explicit}`, rle, octets],
    ['multipart/related; type="application/octet-stream"; transfer-syntax=*', explicit, octets],
    [
      'multipart/related; type="application/octet-stream"; transfer-syntax=*',
      rle,
      `image/dicom-rle; transfer-syntax=${rle}`,
    ],
    ["multipart/related; type=image/jpeg", jpegLossless, `image/jpeg; transfer-syntax=${jpegLossless}`],
    ["multipart/related; type=image/jpeg", jpegBaseline, `image/jpeg; transfer-syntax=${jpegBaseline}`],
    [
      `multipart/related; type="image/jpeg"; transfer-syntax=${jpegLossless}`,
      jpegLossless,
      `image/jpeg; transfer-syntax=${jpegLossless}`,
    ],
    ["multipart/related; type=image/x-dicom-rle", rle, `image/dicom-rle; transfer-syntax=${rle}`],
    ["multipart/related; type=image/dicom+jpeg", jpegBaseline, `image/jpeg; transfer-syntax=${jpegBaseline}`],
    // The defaults of PS3.18 Table 8.7.3-5, for what is stored otherwise.
    ["multipart/related; type=image/jpeg", explicit, `image/jpeg; transfer-syntax=${jpegLossless}`],
    ["multipart/related; type=image/jls", rle, "image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"],
    ["multipart/related; type=image/jp2", jpegLossless, "image/jp2; transfer-syntax=1.2.840.10008.1.2.4.90"],
    ["multipart/related; type=image/dicom-rle", explicit, `image/dicom-rle; transfer-syntax=${rle}`],
    [
      `multipart/related; type="image/jpeg"; transfer-syntax=${jpegBaseline}`,
      jpegLossless,
      `image/jpeg; transfer-syntax=${jpegBaseline}`,
    ],
  ])("allows %j for %s", (header, stored, type) => {
    expect(frameForms(header, stored)[0]?.contentType).toBe(type);
  });

  it("keeps the order of what is asked for", () => {
    const header = "multipart/related; type=image/jls;q=0.5, multipart/related; type=image/jp2";
    expect(frameForms(header, explicit).map(({ transferSyntaxUID }) => transferSyntaxUID)).toEqual([
      "1.2.840.10008.1.2.4.90",
      "1.2.840.10008.1.2.4.80",
    ]);
  });

  it.each([
    [`multipart/related; type="image/jpeg"; transfer-syntax=${rle}`, jpegLossless],
    [`multipart/related; type="application/octet-stream"; transfer-syntax=${rle}`, jpegLossless],
    ["multipart/related; type=image/png", explicit],
    ["image/jpeg", jpegLossless],
  ])("refuses %j for %s with 400", (header, stored) => {
    expect(() => frameForms(header, stored)).toThrow(expect.objectContaining({ errorName: "BadRequest" }));
  });
});
