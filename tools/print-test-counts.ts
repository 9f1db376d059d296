import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Prints `N passed, N failed, N skipped` of the last test run; exits with 1 when a test failed or none ran. */
interface Results {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

const file = join(import.meta.dirname, "../test-output/results.json");
const results: Results | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests = 0, numTodoTests = 0 } = results ?? {};
console.log(`${passed} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`);
process.exitCode = results?.success === true && passed > 0 ? 0 : 1;
