import { describe, expect, test } from "vitest";
import { pluginEntries } from "./plugin-entries.ts";

const folder = import.meta.dirname;

describe("pluginEntries", () => {
  test.each([
    ["/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "not needed, DICOMweb is built in"],
    ["libOrthancDicomWeb.so.1.24", "not needed, DICOMweb is built in"],
    ["C:\\Orthanc\\OrthancGoogleCloudPlatform.dll", "not needed, Google Cloud Platform is built in"],
    ["./libOrthancGoogleCloudPlatform.dylib", "not needed, Google Cloud Platform is built in"],
    ["libServeFolders.so", "not needed, serving folders is built in"],
    ["libModalityWorklists.so", "not needed, worklists are built in"],
    [".", "a folder of native plugins; not needed, nothing is loaded from it"],
  ])("%s is accepted with an information line", (entry, text) => {
    const expected = { severity: "information", text: `Plugins: ${entry}: ${text}` };
    expect(pluginEntries([entry], folder)).toEqual({ modules: [], findings: [expected] });
  });

  test.each([
    [
      "libOrthancPostgreSQLIndex.so",
      "native plugins of Orthanc cannot be loaded, and Greyhaven has nothing in the place of this one",
    ],
    ["routing.lua", "expected a module (.ts, .js, .mjs), a native plugin of Orthanc, or a folder; ignored"],
    ["no-such-folder", "expected a module (.ts, .js, .mjs), a native plugin of Orthanc, or a folder; ignored"],
  ])("%s is worth a warning", (entry, text) => {
    const expected = { severity: "warning", text: `Plugins: ${entry}: ${text}` };
    expect(pluginEntries([entry], folder)).toEqual({ modules: [], findings: [expected] });
  });

  test("modules are returned as absolute paths, in their order", () => {
    const { modules, findings } = pluginEntries(["./b.ts", "/opt/a.mjs", "c.js"], "/etc/greyhaven");
    expect(modules).toEqual(["/etc/greyhaven/b.ts", "/opt/a.mjs", "/etc/greyhaven/c.js"]);
    expect(findings).toEqual([]);
  });
});
