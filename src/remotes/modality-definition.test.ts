import { describe, expect, it } from "vitest";
import { checkModalityName, parseModality } from "./modality-definition.ts";

const ignore = (): void => {};

/** As Orthanc 1.13 prints `["X", "h", 104]`. */
const plain = {
  AET: "X",
  Host: "h",
  Port: 104,
  Manufacturer: "Generic",
  AllowEcho: true,
  AllowFind: true,
  AllowFindWorklist: true,
  AllowGet: true,
  AllowMove: true,
  AllowStore: true,
  AllowNAction: true,
  AllowEventReport: true,
  AllowTranscoding: true,
  UseDicomTls: false,
  LocalAet: "",
  Timeout: 0,
  RetrieveMethod: "SystemDefault",
};
const object = { AET: "X", Host: "h", Port: 104 };

describe("parseModality", () => {
  it.each([
    [["X", "h", 104], {}],
    [["X", "h", "104"], {}],
    [["X", "h", 104, "GE"], { Manufacturer: "GE" }],
    [object, {}],
    [{ ...object, Unknown: 1 }, {}],
    [
      { ...object, AllowStorageCommitment: false },
      { AllowNAction: false, AllowEventReport: false },
    ],
    [{ ...object, AllowStorageCommitment: false, AllowNAction: true }, { AllowEventReport: false }],
    [
      { ...object, LocalAet: "ME", Timeout: 7, RetrieveMethod: "C-GET" },
      { LocalAet: "ME", Timeout: 7, RetrieveMethod: "C-GET" },
    ],
  ])("reads %j", (definition, expected) => {
    expect(parseModality(definition, ignore)).toEqual({ ...plain, ...expected });
  });

  it.each([
    ["AgfaImpax", "GenericNoWildcardInDates"],
    ["SyngoVia", "GenericNoWildcardInDates"],
    ["EFilm2", "Generic"],
    ["MedInria", "Generic"],
    ["ClearCanvas", "Generic"],
    ["Dcm4Chee", "Generic"],
  ])("takes %s, which is obsolete, for %s, and says so", (former, Manufacturer) => {
    const warnings: string[] = [];
    const modality = parseModality({ ...object, Manufacturer: former }, (message) => warnings.push(message));
    expect(modality.Manufacturer).toBe(Manufacturer);
    expect(warnings).toEqual([expect.stringContaining(former)]);
  });

  it.each([
    [["X", "h"], "BadFileFormat"],
    [["X", "h", 104, "GE", 1], "BadFileFormat"],
    ["X", "BadFileFormat"],
    [{ AET: "X" }, "BadFileFormat"],
    [{ ...object, Port: "x" }, "BadFileFormat"],
    [{ ...object, AllowEcho: "yes" }, "BadFileFormat"],
    [{ ...object, Timeout: -1 }, "BadFileFormat"],
    [{ ...object, Port: 0 }, "ParameterOutOfRange"],
    [{ ...object, Port: 65_536 }, "ParameterOutOfRange"],
    [{ ...object, Manufacturer: "toString" }, "ParameterOutOfRange"],
  ])("refuses %j", (definition, errorName) => {
    expect(() => parseModality(definition, ignore)).toThrow(expect.objectContaining({ errorName }) as Error);
  });
});

describe("checkModalityName", () => {
  it.each(["a", "A-1_b"])("allows %s", (name) => {
    expect(() => checkModalityName(name)).not.toThrow();
  });

  it.each(["", "a.b", "a b", "a/b", "é"])("refuses %j", (name) => {
    expect(() => checkModalityName(name)).toThrow(expect.objectContaining({ errorName: "BadFileFormat" }) as Error);
  });
});
