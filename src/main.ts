#!/usr/bin/env node
import { applySettings } from "./runtime.ts";

applySettings();

// Loaded after the settings, with the cache on.
const { run } = await import("./run.ts");
process.exit(await run(process.argv.slice(2)));
