import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "greyhaven-main-"))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const main = join(import.meta.dirname, "main.ts");

function greyhaven(...argumentList: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, ...argumentList], { cwd: folder }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** The lines of a log without their times. */
const linesOf = (log: string) => log.split("\n").map((line) => line.replace(/^(\w)\d{4} [\d:.]+/, "$1"));

describe("the command line", () => {
  test("--version", async () => {
    expect(await greyhaven("--version")).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^greyhaven \d+\.\d+\.\d+ \(Node\.js \d+\.\d+\.\d+\)\n$/),
      stderr: "",
    });
  });

  test("--help names every option and the exit status", async () => {
    const { code, stdout } = await greyhaven("--help");
    expect(code).toBe(0);
    for (const option of ["--config=PATH", "--logdir=PATH", "--verbose", "--trace-dicom", "--no-jobs", "--upgrade"]) {
      expect(stdout).toContain(`  ${option} `);
    }
  });

  test("--errors prints the codes that clients know", async () => {
    const { code, stdout } = await greyhaven("--errors");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +47 +500 +IncompatibleConfigurations /m);
    expect(stdout).toMatch(/^ +3000 +415 +UnsupportedMediaType /m);
  });

  test("--openapi and --cheatsheet write what a server with the configuration answers", async () => {
    const file = join(folder, "api.json");
    writeFileSync(file, '{ "Name": "Harbour", "DicomWeb": { "Root": "/dw/" } }');
    const { code, stdout } = await greyhaven("--openapi=-", file);
    expect(code).toBe(0);
    const described = JSON.parse(stdout) as { info: object; paths: Record<string, object> };
    expect(described.info).toMatchObject({ title: "Harbour" });
    expect(Object.keys(described.paths)).toEqual(expect.arrayContaining(["/instances", "/dw/studies", "/system"]));
    const sheet = join(folder, "sheet.csv");
    expect(await greyhaven(`--cheatsheet=${sheet}`, file)).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(readFileSync(sheet, "utf8")).toMatch(/^Path,GET,POST,DELETE,PUT,Summary\r\n/);
    expect(readFileSync(sheet, "utf8")).toMatch(/^\/dw\/studies,GET,POST,,,/m);
  }, 20_000);

  test("--config writes a file, or to standard output", async () => {
    const file = join(folder, "default.json");
    expect(await greyhaven(`--config=${file}`)).toEqual({ code: 0, stdout: "", stderr: "" });
    const { stdout } = await greyhaven("--config=-");
    expect(stdout).toBe(readFileSync(file, "utf8"));
    expect(stdout).toContain('\n  "HttpPort": 8042,\n');
  });

  test("--config to a folder that is not there", async () => {
    const { code, stderr } = await greyhaven("--config=missing/default.json");
    expect(code).toBe(255);
    expect(linesOf(stderr)[0]).toBe(
      "E generic] Cannot write to file (code 14): missing/default.json: nothing can be written here",
    );
  });

  test("an option that does not exist", async () => {
    const { code, stdout, stderr } = await greyhaven("--frobnicate");
    expect([code, stdout]).toEqual([255, ""]);
    expect(linesOf(stderr)).toEqual([
      "E generic] Parameter out of range (code 3): Unknown option '--frobnicate'; see --help",
      "",
    ]);
  });
});

describe("a configuration that is not fit", () => {
  test("stops the start with one line per problem", async () => {
    writeFileSync(join(folder, "wrong.json"), '{\n"HttpPort": -1,\n"SaveJobs": "no"}');
    const { code, stderr } = await greyhaven("wrong.json");
    expect(code).toBe(255);
    expect(linesOf(stderr).sort()).toEqual([
      "",
      "E generic] Bad type for a parameter (code 5): wrong.json:2: HttpPort: expected a whole number from 0 to 65535, found -1",
      'E generic] Bad type for a parameter (code 5): wrong.json:3: SaveJobs: expected true or false, found "no"',
    ]);
  });

  test("goes to the log file, if there is one", async () => {
    const { code, stderr } = await greyhaven("missing.json", "--logfile=start.log");
    expect([code, stderr]).toEqual([255, ""]);
    expect(linesOf(readFileSync(join(folder, "start.log"), "utf8"))[0]).toBe(
      "E generic] Inexistent file (code 13): missing.json: there is no such configuration file or folder",
    );
  });
});

/** A port that nobody uses now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** A running server, its log so far, and its end. */
function started(configuration: string) {
  const child = spawn(process.execPath, [main, configuration], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const exit = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return { child, exit, log: () => log };
}

const nameOf = async (port: number) => {
  const answer = await fetch(`http://127.0.0.1:${port}/system`);
  return ((await answer.json()) as { Name: string }).Name;
};

const write = (options: object) => writeFileSync(join(folder, "signals.json"), JSON.stringify(options));

describe("signals", () => {
  test("SIGHUP starts anew with a configuration that is fit, and only then; SIGTERM stops with 0", async () => {
    const port = await freePort();
    const common = { HttpPort: port, DicomServerEnabled: false, StorageDirectory: "signals" };
    write({ ...common, Name: "first" });
    const { child, exit, log } = started("signals.json");
    try {
      await expect.poll(() => nameOf(port).catch(() => undefined), { timeout: 20_000 }).toBe("first");

      write({ ...common, Name: 5 });
      child.kill("SIGHUP");
      await expect.poll(log, { timeout: 20_000 }).toContain("running on with the former one");
      expect(await nameOf(port)).toBe("first");

      write({ ...common, Name: "second" });
      child.kill("SIGHUP");
      await expect.poll(() => nameOf(port).catch(() => undefined), { timeout: 20_000 }).toBe("second");

      child.kill("SIGTERM");
      expect(await exit).toBe(0);
    } finally {
      child.kill("SIGKILL");
    }
  });
});
