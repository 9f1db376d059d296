import { describe, expect, test } from "vitest";
import { entityTag, expectedRevision, isKnown } from "./revision.ts";

// MD5 of "RestApi" as Debian's Orthanc 1.10.1 printed it in the ETag of /instances/{id}/metadata/Origin.
const present = { revision: 0, checksum: "6a51804f85f17e32298545094d1ebafb" };
const tag = '"0-6a51804f85f17e32298545094d1ebafb"';

describe("entity tags", () => {
  test("are revision and MD5", () => {
    expect(entityTag(present)).toBe(tag);
  });

  test("If-None-Match tells whether the client has it", () => {
    expect(isKnown({ "if-none-match": tag }, present)).toBe(true);
    expect(isKnown({ "if-none-match": '"1-6a51804f85f17e32298545094d1ebafb"' }, present)).toBe(false);
    expect(isKnown({}, present)).toBe(false);
  });

  test("a malformed header is refused (code 3)", () => {
    expect(() => isKnown({ "if-none-match": "abc" }, present)).toThrow(
      expect.objectContaining({ errorName: "ParameterOutOfRange" }),
    );
  });
});

describe("expectedRevision", () => {
  const conflict = expect.objectContaining({ errorName: "Revision" });

  test("gives the revision of a matching If-Match", () => {
    expect(expectedRevision({ "if-match": tag }, present, true)).toBe(0);
  });

  test("another revision or another content is a conflict, checked or not", () => {
    for (const check of [true, false]) {
      expect(() => expectedRevision({ "if-match": '"1-6a51804f85f17e32298545094d1ebafb"' }, present, check)).toThrow(
        conflict,
      );
      expect(() => expectedRevision({ "if-match": '"0-00"' }, present, check)).toThrow(conflict);
    }
  });

  test("no If-Match is a conflict only with CheckRevisions, and never at the creation", () => {
    expect(expectedRevision({}, present, false)).toBeUndefined();
    expect(() => expectedRevision({}, present, true)).toThrow(conflict);
    expect(expectedRevision({}, undefined, true)).toBeUndefined();
  });
});
