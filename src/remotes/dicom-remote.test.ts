import { describe, expect, it } from "vitest";
import { dicomRemote } from "./dicom-remote.ts";
import { parseModality } from "./modality-definition.ts";

const modality = (more: object = {}) => parseModality({ AET: "PEER", Host: "host", Port: 104, ...more }, () => {});
const defaults = { aet: "OWN", timeout: 10 };

describe("dicomRemote", () => {
  it.each([
    { of: {}, request: {}, callingAet: "OWN", timeout: 10 },
    { of: { LocalAet: "LOCAL", Timeout: 3 }, request: {}, callingAet: "LOCAL", timeout: 3 },
    { of: { LocalAet: "LOCAL", Timeout: 3 }, request: { LocalAet: "ME", Timeout: 0 }, callingAet: "ME", timeout: 0 },
    { of: { LocalAet: " LOCAL " }, request: {}, callingAet: "LOCAL", timeout: 10 },
  ])("prefers what the request says, then the modality: $of $request", ({ of, request, callingAet, timeout }) => {
    expect(dicomRemote(modality(of), request, defaults)).toEqual({
      host: "host",
      port: 104,
      calledAet: "PEER",
      callingAet,
      timeout,
      useDicomTls: false,
    });
  });

  it("takes address and title of the request", () => {
    const request = { CalledAet: "OTHER", Host: "elsewhere", Port: 11_112 };
    expect(dicomRemote(modality({ UseDicomTls: true }), request, defaults)).toMatchObject({
      host: "elsewhere",
      port: 11_112,
      calledAet: "OTHER",
      useDicomTls: true,
    });
  });

  it.each(["", "SEVENTEEN-LETTERS", "back\\slash", "é"])("refuses the title %j", (AET) => {
    expect(() => dicomRemote(modality({ AET }), {}, defaults)).toThrow(
      expect.objectContaining({ errorName: "BadApplicationEntityTitle" }) as Error,
    );
  });
});
