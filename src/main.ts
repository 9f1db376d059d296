#!/usr/bin/env node
import { enableCompileCache } from "node:module";

/**
 * Megabytes of a half of the young generation. Uploads are buffers outside the JavaScript heap: with the default of 16 so many of them
 * wait to be let go of that the whole heap is marked again and again, up to half of an upload's CPU (docs/PERFORMANCE.md).
 */
const youngGeneration = "--max-semi-space-size=2";

// V8 reads it only when a process starts, and users start `node src/main.ts`: the process replaces itself, where the system can.
if (process.execve !== undefined && !process.execArgv.includes(youngGeneration)) {
  const { execPath, execArgv, argv } = process;
  process.execve(execPath, [execPath, ...execArgv, youngGeneration, ...argv.slice(1)]);
}

// Modules are TypeScript: stripping the types once instead of at each start halves it.
enableCompileCache();

// Loaded after the cache is on.
const { run } = await import("./run.ts");
process.exit(await run(process.argv.slice(2)));
