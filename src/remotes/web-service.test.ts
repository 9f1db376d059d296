import { describe, expect, it } from "vitest";
import { requestUrl } from "./web-service.ts";

describe("requestUrl", () => {
  it("appends paths and arguments", () => {
    expect(requestUrl("http://host/dicom-web/", "/studies?limit=1", { PatientID: "a b&c" })).toBe(
      "http://host/dicom-web/studies?limit=1&PatientID=a+b%26c",
    );
  });

  it.each(["../system", "studies/../../system", "%2e%2e/system"])("refuses %s", (path) => {
    expect(() => requestUrl("http://host/dicom-web/", path)).toThrow("does not lead below");
  });

  it("takes another host for a path", () => {
    expect(requestUrl("http://host/dicom-web/", "//evil/x")).toBe("http://host/dicom-web/evil/x");
    expect(requestUrl("http://host/dicom-web/", "http://evil/x")).toBe("http://host/dicom-web/http://evil/x");
  });
});
