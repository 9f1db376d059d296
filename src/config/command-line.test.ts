import { describe, expect, test } from "vitest";
import { parseCommandLine } from "./command-line.ts";

describe("parseCommandLine", () => {
  test("configurations and options in any order", () => {
    expect(parseCommandLine(["--no-jobs", "a.json", "--logfile=x.log", "folder", "--upgrade"])).toEqual({
      kind: "run",
      paths: ["a.json", "folder"],
      verbosity: {},
      noJobs: true,
      logsContext: true,
      logFile: "x.log",
    });
  });

  test("verbosity is read from left to right", () => {
    expect(parseCommandLine(["--trace-http", "--verbose", "--trace-dicom", "--verbose-jobs"])).toMatchObject({
      verbosity: { generic: "verbose", http: "verbose", dicom: "trace", jobs: "verbose", lua: "verbose" },
    });
    expect(parseCommandLine(["--trace-http"])).toMatchObject({ verbosity: { http: "trace" } });
  });

  test("what Orthanc has in its lines", () => {
    const flags = ["--logs-no-thread", "--logs-no-context", "--logs-thread-names-in-context"];
    expect(parseCommandLine(flags)).toMatchObject({ kind: "run", logsContext: false, verbosity: {} });
  });

  test.each([
    [["--help", "a.json"], { kind: "help" }],
    [["--version"], { kind: "version" }],
    [["--errors"], { kind: "errors" }],
    [["--config=x.json"], { kind: "write-configuration", file: "x.json", advanced: false }],
    [["--openapi=-", "a.json"], { kind: "write-api", form: "openapi", file: "-", paths: ["a.json"] }],
    [["--cheatsheet=x.csv"], { kind: "write-api", form: "cheatsheet", file: "x.csv", paths: [] }],
    [["--advanced-config=-"], { kind: "write-configuration", file: "-", advanced: true }],
  ])("%j", (argumentList, command) => {
    expect(parseCommandLine(argumentList)).toEqual(command);
  });

  test.each([
    [["--verbos"], "Unknown option '--verbos'; see --help"],
    [["--trace-nothing"], "Unknown option '--trace-nothing'; see --help"],
    [["--logfile"], "Option '--logfile <value>' argument missing; see --help"],
    [["--verbose=1"], "Option '--verbose' does not take an argument; see --help"],
  ])("%j is refused", (argumentList, details) => {
    expect(() => parseCommandLine(argumentList)).toThrow(expect.objectContaining({ details }));
  });
});
