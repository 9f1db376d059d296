import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../cloud/emulator.ts";
import { writeSampleFiles } from "../cloud/sample-files.ts";

/** The emulated cloud with one store, and the two kinds of accounts that reach it. */
export interface DemoCloud {
  /** Holds the keys, the configuration and the stored images; removed at the end. */
  readonly folder: string;
  readonly configuration: object;
  readonly accounts: readonly string[];
  close(): Promise<void>;
}

/** Starts the emulator and writes the files that a hospital would get from Google. */
export async function startDemoCloud(): Promise<DemoCloud> {
  const folder = await mkdtemp(join(tmpdir(), "greyhaven-demo-"));
  const emulator = await startEmulator({ spoolFolder: folder });
  const file = await writeSampleFiles(emulator, folder);
  return {
    folder,
    accounts: ["service-account", "authorized-user"],
    configuration: JSON.parse(await readFile(file, "utf8")) as object,
    close: async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
