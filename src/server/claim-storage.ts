import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerError } from "../util/errors.ts";

/** The file that says whose blobs lie in a storage folder. */
const claimFile = "greyhaven-catalog";

/**
 * Makes sure that the blobs in the storage folder belong to the catalog with this identifier: to another one they would look like the orphans of
 * a crash, and be removed. The first catalog claims an unclaimed folder. Throws `IncompatibleConfigurations`.
 */
export async function claimStorage(folder: string, identifier: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, claimFile);
  const owner = await readFile(path, "utf8").catch(() => undefined);
  if (owner === identifier) return;
  if (owner === undefined) return writeFile(path, identifier, { flag: "wx" });
  throw new ServerError(
    "IncompatibleConfigurations",
    `StorageDirectory ${folder} belongs to another catalog than that of IndexDirectory: give each server folders of its own, ` +
      "and move both folders together",
  );
}
