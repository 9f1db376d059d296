import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createLogs, logFileIn, type LogsOptions } from "./log-pino.ts";
import type { Logs } from "./log.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "greyhaven-log-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The lines that are written while `use` has the logs. */
async function linesOf(options: LogsOptions, use: (logs: Logs) => void): Promise<readonly string[]> {
  const file = join(folder, "deep/test.log");
  const logs = createLogs({ ...options, file });
  use(logs);
  await logs.close();
  return readFileSync(file, "utf8").split("\n").slice(0, -1);
}

const withoutTime = (lines: readonly string[]) => lines.map((line) => line.replace(/\d{4} [\d:]{8}\.\d{6}/, "TIME"));

describe("text", () => {
  test("one line each, in Orthanc's manner", async () => {
    const lines = await linesOf({ verbosity: { http: "trace" } }, (logs) => {
      const log = logs.category("http");
      log.error("It failed", { status: 500, host: "a.example", cause: "two words" });
      log.warn("first\nsecond");
      log.info("Authorization: Bearer abcdefgh");
      log.trace("done", { token: "abc" });
    });
    expect(withoutTime(lines)).toEqual([
      'ETIME http] It failed status=500 host=a.example cause="two words"',
      "WTIME http] first\\nsecond",
      "ITIME http] Authorization: Bearer (hidden)",
      "TTIME http] done token=(hidden)",
    ]);
  });

  test("each category prints what its verbosity says, which can change", async () => {
    const lines = await linesOf({ verbosity: { jobs: "verbose" } }, (logs) => {
      logs.category("http").info("not this");
      logs.category("jobs").info("this");
      logs.category("jobs").trace("not this");
      logs.setVerbosity("all", "trace");
      logs.category("http").trace("now this");
      logs.setVerbosity("http", "default");
      logs.category("http").info("not this");
      expect([logs.verbosity("http"), logs.verbosity("jobs")]).toEqual(["default", "trace"]);
    });
    expect(withoutTime(lines)).toEqual(["ITIME jobs] this", "TTIME http] now this"]);
  });
});

test("JSON: one object a line", async () => {
  const lines = await linesOf({ format: "json" }, (logs) => {
    logs.category("plugins").warn("late", { account: "a", access_token: "x" });
  });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      category: "plugins",
      account: "a",
      access_token: "(hidden)",
      message: "late",
    },
  ]);
});

test("the file of --logdir is named after the start and the process", () => {
  expect(logFileIn(join(folder, "logs"), new Date("2026-11-23T08:09:10Z"), 42)).toBe(
    join(folder, "logs/Greyhaven.log.20261123-080910.42"),
  );
});
