import { expect, it } from "vitest";
import { keysJson } from "./query-json.ts";

const keys = new Map([
  [0x00100010, "Smith*"],
  [0x00280010, "many"],
]);

// As Orthanc prints the keys of /queries/{id}/query: texts, whatever the VR.
it.each([
  {
    format: "full",
    expected: {
      "0010,0010": { Name: "PatientName", Type: "String", Value: "Smith*" },
      "0028,0010": { Name: "Rows", Type: "String", Value: "many" },
    },
  },
  { format: "short", expected: { "0010,0010": "Smith*", "0028,0010": "many" } },
  { format: "simple", expected: { PatientName: "Smith*", Rows: "many" } },
] as const)("prints keys in the form $format", ({ format, expected }) => {
  expect(keysJson(keys, format)).toEqual(expected);
});
