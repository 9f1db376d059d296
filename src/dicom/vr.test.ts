import { describe, expect, it } from "vitest";
import { explicitVR, isTextVR, isVR, vrTable } from "./vr.ts";

describe("vrTable", () => {
  it("has the value representations of PS3.5 Table 6.2-1", () => {
    expect(Object.keys(vrTable)).toHaveLength(34);
  });

  it("gives the long form to the VRs of PS3.5 §7.1.2", () => {
    const longForm = Object.entries(vrTable).filter(([, row]) => row.longForm);
    expect(longForm.map(([vr]) => vr).join(" ")).toBe("OB OD OF OL OV OW SQ SV UC UN UR UT UV");
  });

  it("splits all text but LT, ST, UR and UT", () => {
    const whole = Object.entries(vrTable).filter(([, row]) => row.kind === "text" && !row.multiValued);
    expect(whole.map(([vr]) => vr).join(" ")).toBe("LT ST UR UT");
  });
});

describe("explicitVR", () => {
  it("finds a VR by its two letters", () => {
    expect(explicitVR(0x504e)).toEqual({ vr: "PN", longForm: false });
    expect(explicitVR(0x4f42)).toEqual({ vr: "OB", longForm: true });
  });

  it("knows no other letters or bytes", () => {
    expect([0x5a5a, 0, 0x2020, 0xffff, 0x706e].map(explicitVR)).toEqual(Array(5).fill(undefined));
  });
});

describe("isVR, isTextVR", () => {
  it("tell names apart", () => {
    expect(["PN", "pn", "XX", "toString"].map(isVR)).toEqual([true, false, false, false]);
    expect([isTextVR("UI"), isTextVR("US"), isTextVR("OB")]).toEqual([true, false, false]);
  });
});
