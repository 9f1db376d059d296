import { describe, expect, it } from "vitest";
import { parseRendered } from "./rendered-parameters.ts";

const parse = (query: string, accept?: string) => parseRendered(accept, new URLSearchParams(query));

describe("parameters of rendered resources (PS3.18 §8.3.5)", () => {
  it("have defaults", () => {
    expect(parse("")).toEqual({
      type: "image/jpeg",
      quality: 90,
      view: { kind: "web", window: undefined, viewport: undefined },
    });
  });

  it.each([
    ["image/png", "image/png"],
    ["image/jpeg", "image/jpeg"],
    ["*/*", "image/jpeg"],
    ["image/*", "image/jpeg"],
    ["image/jpeg;q=0.4, image/png;q=0.5", "image/png"],
    ["image/avif,image/webp,*/*;q=0.8", "image/jpeg"],
  ])("Accept: %s is answered by %s", (accept, type) => {
    expect(parse("", accept).type).toBe(type);
  });

  it("refuse other types", () => {
    expect(() => parse("", "image/gif")).toThrow("Accept");
  });

  it.each([
    ["40,400,linear", { center: 40, width: 400, function: "linear" }],
    ["-600.5,1e3,sigmoid", { center: -600.5, width: 1000, function: "sigmoid" }],
    ["0,0.5,linear-exact", { center: 0, width: 0.5, function: "linear-exact" }],
  ])("read the window %s", (text, window) => {
    expect(parse(`window=${text}`).view).toHaveProperty("window", window);
  });

  it.each([
    ["64,32", { width: 64, height: 32 }],
    ["64,32,1,2,-30,40", { width: 64, height: 32, region: { left: 1, top: 2, width: -30, height: 40 } }],
    ["64,32,,,30,-40", { width: 64, height: 32, region: { left: 0, top: 0, width: 30, height: -40 } }],
    ["64,32,5,6,,", { width: 64, height: 32, region: { left: 5, top: 6, width: undefined, height: undefined } }],
    // As DICOMweb 1.7 of Orthanc rounds.
    ["64,64,10.5,5.5,40.7,20.2", { width: 64, height: 64, region: { left: 11, top: 6, width: 41, height: 20 } }],
  ])("read the viewport %s", (text, viewport) => {
    expect(parse(`viewport=${text}`).view).toHaveProperty("viewport", viewport);
  });

  it.each([
    "window=40",
    "window=40,400",
    "window=a,400,linear",
    "window=40,400,linear,1",
    "window=40,400,cubic",
    "window=40,0.5,linear",
    "window=40,0,sigmoid",
    "viewport=64",
    "viewport=0,64",
    "viewport=-64,64",
    "viewport=a,b",
    "viewport=64,64,1",
    "viewport=64,64,-1,0,5,5",
    "quality=0",
    "quality=101",
    "quality=50.5",
    "quality=",
  ])("refuse %s", (query) => {
    expect(() => parse(query)).toThrow("expected");
  });
});
