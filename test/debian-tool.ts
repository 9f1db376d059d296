import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The path of an installed program, or undefined. In CI its absence is a failure: `tools/install-debian-tools.ts` installs them all. */
export function toolPath(name: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined && process.env["CI"] !== undefined) throw new Error(`CI needs the program ${name}`);
  return found;
}

/** Whether the program is there; for `describe.skipIf(!hasTool("dcmdump"))`. */
export function hasTool(name: string): boolean {
  return toolPath(name) !== undefined;
}
