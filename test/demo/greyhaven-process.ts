import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Greyhaven as a process of its own, as a user runs it. */
export interface GreyhavenProcess {
  readonly url: string;
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<unknown>;
  /** Asks it to stop and waits. */
  stop(): Promise<void>;
  /** SIGKILL: nothing is finished. */
  kill(): Promise<void>;
}

const main = resolve(import.meta.dirname, "../../src/main.ts");
const startTimeout = 30_000;

/** Writes `config.json` into the folder, starts `node src/main.ts config.json` and waits until it answers. */
export async function startGreyhaven(folder: string, port: number, configuration: object): Promise<GreyhavenProcess> {
  const url = `http://localhost:${port}`;
  if (await answers(url)) throw new Error(`port ${port} is taken by another server: choose one with --port`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, "config.json");
  const settings = {
    Name: "Greyhaven",
    HttpPort: port,
    DicomPort: 0,
    StorageDirectory: "storage",
    IndexDirectory: "storage",
    ...configuration,
  };
  await writeFile(file, JSON.stringify(settings, null, 2));
  const child = spawn(process.execPath, [main, file], { stdio: ["ignore", "inherit", "pipe"] });
  const printed: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.push(text);
    if (printed.length > 200) printed.shift();
  });
  const ended = once(child, "exit");
  if (child.pid === undefined || !(await isUp(url, () => child.exitCode === null))) {
    child.kill("SIGKILL");
    throw new Error(`Greyhaven did not start:\n${printed.join("")}`);
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  return { url, pid: child.pid, ended, stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

async function isUp(url: string, runs: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + startTimeout; Date.now() < deadline && runs(); await delay(100)) {
    if (await answers(url)) return true;
  }
  return false;
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(`${url}/system`).catch(() => undefined);
  await response?.body?.cancel();
  return response?.ok === true;
}
