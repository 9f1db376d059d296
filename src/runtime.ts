/** How the process itself runs: what V8 and the module loader read only when it starts. */
import { statSync } from "node:fs";
import { enableCompileCache, flushCompileCache, getCompileCacheDir } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Megabytes of a half of the young generation. Uploads are buffers outside the JavaScript heap: with the default of 16 so many of them
 * wait to be let go of that the whole heap is marked again and again, up to half of an upload's CPU (docs/PERFORMANCE.md).
 */
const youngGeneration = "--max-semi-space-size=4";

/**
 * How far the heap may grow, in percent, before all of it is marked. The buffers of uploads count for it as well: the few megabytes that V8 leaves a
 * small heap are a dozen CT images, and marking took as much CPU as storing them.
 */
const growth = "--heap-growing-percent=100";

/**
 * V8 makes objects that lived through a few collections of the young generation in the old one from then on. A server is never amidst nothing: what a
 * request needs just then looks as if it would stay, and what is old keeps alive what it points to until all of the heap is marked.
 */
const noPretenuring = "--no-allocation-site-pretenuring";

/** For `createBufferCount` (util/buffer-count.ts). */
const collection = "--expose-gc";

/** Says that the modules have been compiled by the process that this one replaces. */
const compiledMark = "GREYHAVEN_COMPILED";

/**
 * Begins the process anew with its settings, where the system can: users start `node src/main.ts`. With the compile cache in the environment
 * threads use it as well; two arenas instead of one per thread keep glibc from holding 10 MB of freed memory.
 */
export function applySettings(): void {
  process.env["NODE_COMPILE_CACHE"] ??= join(tmpdir(), "node-compile-cache");
  process.env["MALLOC_ARENA_MAX"] ??= "2";
  if (!process.execArgv.includes(youngGeneration)) replaceProcess([youngGeneration, growth, noPretenuring, collection]);
  enableCompileCache();
}

/**
 * Begins the process anew when some modules had to be compiled just now, at a first start or after an upgrade: Node.js keeps its compiler of
 * TypeScript, 15 MB in each thread. `load` loads the modules of the main thread, `loadOthers` those that only other threads have.
 */
export async function compileModules(load: () => Promise<unknown>, loadOthers: () => Promise<unknown>): Promise<void> {
  const before = lastChangeOfCache();
  await load();
  flushCompileCache();
  if (process.env[compiledMark] !== undefined || lastChangeOfCache() === before) return;
  await loadOthers();
  flushCompileCache();
  process.env[compiledMark] = "yes";
  replaceProcess([]);
}

function replaceProcess(flags: readonly string[]): void {
  const { execPath, execArgv, argv } = process;
  process.execve?.(execPath, [execPath, ...execArgv, ...flags, ...argv.slice(1)]);
}

function lastChangeOfCache(): number | undefined {
  const folder = getCompileCacheDir();
  return folder === undefined ? undefined : statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
}
