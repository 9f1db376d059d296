#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { setFlagsFromString } from "node:v8";

// Uploads are buffers outside the JavaScript heap. A small young generation lets go of them soon; a large one keeps so many that the
// whole heap is marked again and again (a third of the CPU of an upload, measured in docs/PERFORMANCE.md).
setFlagsFromString("--semi-space-growth-factor=1");
// Modules are TypeScript: stripping the types once instead of at each start halves it.
enableCompileCache();

// Loaded after the settings above, so that they hold for everything.
const { run } = await import("./run.ts");
process.exit(await run(process.argv.slice(2)));
