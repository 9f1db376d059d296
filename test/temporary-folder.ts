import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a folder for one test, to be removed by it. */
export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "greyhaven-test-"));
}
