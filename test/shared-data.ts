import { existsSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../shared/data");

/** The corpus of real files that lies beside the project, or undefined. In CI its absence is a failure. */
export function sharedData(): string | undefined {
  if (existsSync(folder)) return folder;
  if (process.env["CI"] !== undefined) throw new Error("CI needs the corpus ../shared/data beside the project");
  return undefined;
}
