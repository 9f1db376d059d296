import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

/** Vitest's global setup: builds `dist-ui/` when it is absent or older than its sources. */
export default function buildInterface(): void {
  const built = modified(join(root, "dist-ui/index.html"));
  const sources = readdirSync(join(root, "ui"), { recursive: true, encoding: "utf8" });
  const shipped = sources.filter((name) => !name.endsWith(".test.ts"));
  if (shipped.every((name) => modified(join(root, "ui", name)) <= built)) return;
  const { status } = spawnSync(process.execPath, ["tools/build-ui.ts"], { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error("The web interface cannot be built");
}

/** Milliseconds since 1970; 0 when there is no such file. */
function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
