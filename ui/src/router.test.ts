import { describe, expect, it } from "vitest";
import { address, parseAddress } from "./router.ts";

describe("parseAddress", () => {
  it.each([
    ["", [], {}],
    ["#/", [], {}],
    ["#/study/abc", ["study", "abc"], {}],
    [
      "#/cloud/my%2Fstore%3F?PatientName=D%C3%B6e*&From=2026-11-02",
      ["cloud", "my/store?"],
      { PatientName: "Döe*", From: "2026-11-02" },
    ],
    ["#/?PatientID=a?b", [], { PatientID: "a?b" }],
    ["#/50%", ["50%"], {}],
    ["#study?uuid=0a1b-2c", ["study", "0a1b-2c"], {}],
  ])("reads %s", (hash, path, query) => expect(parseAddress(hash)).toEqual({ path, query }));
});

it("writes what it reads", () => {
  const path = ["cloud", "a/b c?d#e%"];
  const query = { PatientName: "D & Ö=*", PatientID: "1+1" };
  expect(parseAddress(address(path, query))).toEqual({ path, query });
  expect(address()).toBe("#/");
});
