import { describe, expect, it } from "vitest";
import { distinctName, fileNames, folderName } from "./entry-names.ts";

const patient = (id: string, name: string): string =>
  folderName("Patient", { "00100020": id, "00100010": name }, { utf8: false });

describe("names of folders", () => {
  it.each([
    ["P1", "Doe^Jane", "P1 - Doe Jane"],
    ["P1", "", "P1"],
    ["", "Doe^Jane^^^", "Doe Jane"],
    ["", "", "Unknown Patient"],
    ["^", "^^", "Unknown Patient"],
    ["a/b\\c", "x:y*z?", "a b c - x y z"],
    ["..", "Doe", "Doe"],
    ["P1", "Wáng^小東=王^小東", "P1 - Wang"],
    ["P1", "Straße\u0007", "P1 - Strae"],
    ["P.", "Q.", "P. - Q"],
  ])("patient %j %j", (id, name, expected) => {
    expect(patient(id, name)).toBe(expected);
  });

  it("are made of accession number and description, and of number, modality and description", () => {
    const ascii = { utf8: false };
    expect(folderName("Study", { "00080050": "A1", "00081030": "Thorax" }, ascii)).toBe("A1 - Thorax");
    expect(folderName("Study", {}, ascii)).toBe("Unknown Study");
    const series = { "00200011": "3", "00080060": "CT", "0008103E": "Lung" };
    expect(folderName("Series", series, ascii)).toBe("3 - CT - Lung");
    expect(folderName("Series", { "00080060": "CT" }, ascii)).toBe("CT");
  });

  it("keep their letters when they may, and fit into 255 bytes", () => {
    const name = "山".repeat(64);
    const folder = folderName("Patient", { "00100020": "P", "00100010": `${name}=${name}` }, { utf8: true });
    expect(folder).toMatch(/^P - 山+ 山+$/);
    expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(200);
  });

  it("get a number when they are taken, in upper or lower case", () => {
    const given = new Set<string>();
    expect(["A", "a", "A", "b"].map((name) => distinctName(name, given))).toEqual(["A", "a-2", "A-3", "b"]);
  });
});

describe("names of files", () => {
  it.each([
    ["CT", ["1", "12"], ["CT000001.dcm", "CT000012.dcm"]],
    ["mr", ["0"], ["MR000000.dcm"]],
    ["X", ["5"], ["X0000005.dcm"]],
    ["", ["5"], ["00000005.dcm"]],
    ["_1A", ["5"], ["1A000005.dcm"]],
    ["CT", ["7", "7"], ["CT000000.dcm", "CT000001.dcm"]],
    ["CT", ["7", undefined], ["CT000000.dcm", "CT000001.dcm"]],
    ["CT", ["-3"], ["CT000000.dcm"]],
    ["CT", ["12345678"], ["CT12345678.dcm"]],
  ])("%s %j", (modality, indexes, expected) => {
    expect(fileNames({ "00080060": modality }, indexes)).toEqual(expected);
  });
});
