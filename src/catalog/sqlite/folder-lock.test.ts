import { rm } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/temporary-folder.ts";
import { lockCatalog } from "./folder-lock.ts";

let folder = "";
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true }));

describe("the lock of a catalog", () => {
  it("keeps a second server off until it is released", () => {
    const first = lockCatalog(`${folder}/catalog.db`);
    expect(() => lockCatalog(`${folder}/catalog.db`)).toThrow(/another server uses this IndexDirectory/);
    first.release();
    lockCatalog(`${folder}/catalog.db`).release();
  });
});
