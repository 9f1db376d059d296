import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfiguration } from "./load.ts";
import { sampleConfiguration } from "./sample-configuration.ts";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "greyhaven-sample-"))));
afterAll(() => rmSync(folder, { recursive: true }));

describe("sampleConfiguration", () => {
  test.each([false, true])("is read back as the defaults, without a warning (all: %s)", async (all) => {
    writeFileSync(join(folder, "sample.json"), sampleConfiguration(all));
    writeFileSync(join(folder, "empty.json"), "{}");
    const sample = await loadConfiguration([join(folder, "sample.json")], {});
    const empty = await loadConfiguration([join(folder, "empty.json")], {});
    expect(sample.warnings).toEqual([]);
    expect(sample.configuration).toEqual(empty.configuration);
  });

  test("only with all does it have what is not implemented", () => {
    expect(sampleConfiguration(false)).not.toContain("not implemented yet");
    expect(sampleConfiguration(true)).toContain('"WebDavEnabled": true');
  });
});

const debian = "/etc/orthanc";

test.skipIf(!existsSync(debian))("the configuration folder of Debian's Orthanc is accepted as it is", async () => {
  const { configuration, files } = await loadConfiguration([debian], {});
  expect(files.length).toBeGreaterThan(0);
  expect(configuration.StorageDirectory).toBe("/var/lib/orthanc/db-v6");
});
