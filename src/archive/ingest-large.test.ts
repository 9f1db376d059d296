import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = resolve(import.meta.dirname, "../../test/archive/ingest-large.ts");
const frameLength = 512 * 512;

/** The peak of a process's memory is told by Linux. */
test.skipIf(process.platform !== "linux")(
  "an instance of 600 MB is stored within 100 MB of memory beyond those of an idle archive",
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "greyhaven-large-"));
    try {
      const frames = 2289;
      const { stdout } = await promisify(execFile)(process.execPath, [program, folder, String(frames * frameLength)]);
      const { megabytes, ...result } = JSON.parse(stdout) as { readonly megabytes: number };
      expect(result).toEqual({ status: "Success", size: true, frames });
      expect(megabytes).toBeLessThan(100);
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  60_000,
);
