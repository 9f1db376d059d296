/** Writes docs/COMPATIBILITY.md from a running server and the tables of options and differences; `--check` only verifies that it is current. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compatibility } from "./compatibility/compatibility.ts";
import { compatibilityDocument } from "./compatibility/document.ts";

const file = join(import.meta.dirname, "../docs/COMPATIBILITY.md");
const text = compatibilityDocument(await compatibility());

if (!process.argv.includes("--check")) {
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  console.error("docs/COMPATIBILITY.md is not current: run node tools/compatibility-docs.ts");
  process.exitCode = 1;
}
