import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/temporary-folder.ts";
import { claimStorage } from "./claim-storage.ts";

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

describe("a storage folder", () => {
  it("is claimed by the first catalog and known to it again", async () => {
    await claimStorage(`${folder}/storage`, "first");
    await expect(claimStorage(`${folder}/storage`, "first")).resolves.toBeUndefined();
  });

  it("is refused to another catalog, to which its blobs would be orphans", async () => {
    await claimStorage(folder, "first");
    await expect(claimStorage(folder, "second")).rejects.toMatchObject({ errorName: "IncompatibleConfigurations" });
  });
});
