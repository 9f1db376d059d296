import { expect, test } from "vitest";
import { createAttachmentTypes } from "./attachment-types.ts";
import { createNumberedNames, isUserNumber, systemMetadata } from "./numbered-names.ts";

test("metadata by name or number, of the system and of users", () => {
  const names = createNumberedNames(systemMetadata, { Comment: 1024 });
  expect(names.numberOf("Origin")).toBe(8);
  expect(names.numberOf("Comment")).toBe(1024);
  expect(names.numberOf("4000")).toBe(4000);
  expect([names.nameOf(8), names.nameOf(1024), names.nameOf(4000)]).toEqual(["Origin", "Comment", "4000"]);
  for (const text of ["Nothing", "7000000000", "-1", ""]) {
    expect(() => names.numberOf(text)).toThrow(expect.objectContaining({ errorName: "InexistentItem" }));
  }
  expect([1023, 1024, 65535, 65536].map(isUserNumber)).toEqual([false, true, true, false]);
});

test("attachments have media types", () => {
  const types = createAttachmentTypes({ sample: 1024, report: [1025, "application/pdf"] });
  expect([1, 2, 3, 1024, 1025].map((type) => types.mediaType(type))).toEqual([
    "application/dicom",
    "application/json; charset=utf-8",
    "application/octet-stream",
    "application/octet-stream",
    "application/pdf",
  ]);
  expect(types.names.numberOf("report")).toBe(1025);
});
