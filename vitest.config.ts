import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "ui/src/**/*.test.ts"],
    globalSetup: ["test/ui/build-interface.ts"],
    // Processes, not threads: tests of the whole server send signals and change the working folder.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A condition is waited for: how long matters only when it never comes.
    expect: { poll: { timeout: 20_000 } },
    reporters: ["default", "json"],
    outputFile: { json: "test-output/results.json" },
  },
});
