import { describe, expect, it } from "vitest";
import { transferSyntax, transferSyntaxes } from "./transfer-syntaxes.ts";
import { isValidUid } from "./uid.ts";

describe("transferSyntaxes", () => {
  it("are different and have valid UIDs", () => {
    expect(new Set(transferSyntaxes.map(({ uid }) => uid)).size).toBe(transferSyntaxes.length);
    expect(transferSyntaxes.every(({ uid }) => isValidUid(uid))).toBe(true);
  });

  it("say how the dataset is encoded", () => {
    expect(transferSyntax("1.2.840.10008.1.2")).toMatchObject({ explicit: false, littleEndian: true });
    expect(transferSyntax("1.2.840.10008.1.2.2")).toMatchObject({ explicit: true, littleEndian: false });
    expect(transferSyntax("1.2.840.10008.1.2.1.99")).toMatchObject({ deflated: true, encapsulated: false });
    expect(transferSyntax("1.2.840.10008.1.2.4.201")).toMatchObject({ encapsulated: true, lossy: false });
    expect(transferSyntax("1.2.3")).toBeUndefined();
  });
});
