import { describe, expect, it } from "vitest";
import { generateUid, isValidUid, uidOfUuid } from "./uid.ts";

describe("uidOfUuid", () => {
  it("gives the example of PS3.5 §B.2", () => {
    expect(uidOfUuid("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")).toBe("2.25.329800735698586629295641978511506172918");
  });
});

describe("generateUid", () => {
  it("makes valid UIDs, each another", () => {
    const uids = Array.from({ length: 100 }, generateUid);
    expect(new Set(uids).size).toBe(100);
    expect(uids.every(isValidUid)).toBe(true);
  });
});

describe("isValidUid", () => {
  it("follows PS3.5 §9.1", () => {
    expect(["1.2.840.10008.1.2", "2.25.0", "0"].every(isValidUid)).toBe(true);
    expect(["", "1.", ".1", "1..2", "1.02", "1.2a", " 1.2", `1.${"2".repeat(63)}`].some(isValidUid)).toBe(false);
  });
});
