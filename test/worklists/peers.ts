import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { toolPath } from "../debian-tool.ts";
import { freePort } from "../free-port.ts";

/** A worklist server that listens on this machine. */
export interface WorklistPeer {
  readonly port: number;
  readonly title: string;
}

/** What DCMTK's findscu made of a query. */
export interface FoundWorklists {
  readonly answers: readonly Dataset[];
  /** Whether the final status was success. */
  readonly isSuccess: boolean;
}

/** Asks a worklist server by DCMTK's findscu, on one association; queries are DICOM files. `folder` is for its files. */
export async function findWorklists(
  peer: WorklistPeer,
  queries: readonly Buffer[],
  folder: string,
  callingAet = "FINDSCU",
): Promise<readonly FoundWorklists[]> {
  const place = await mkdtemp(join(folder, "queries-"));
  const files = queries.map((_, at) => join(place, `query-${at}.dcm`));
  for (const [at, query] of queries.entries()) await writeFile(files[at] ?? "", query);
  const titles = ["-aet", callingAet, "-aec", peer.title];
  const log = await run("findscu", [
    "-v",
    "-W",
    ...titles,
    "-X",
    "-od",
    place,
    "127.0.0.1",
    String(peer.port),
    ...files,
  ]);
  const found: FoundWorklists[] = [];
  let answers: Dataset[] = [];
  for (const [, number, end] of log.matchAll(
    /Received (?:Find Response (\d+) \(Pending[^)]*\)|Final Find Response \((.*)\))/g,
  )) {
    if (end === undefined) {
      const file = await readFile(join(place, `rsp${(number ?? "").padStart(4, "0")}.dcm`));
      answers.push(parseDicom(file).dataset);
    } else {
      found.push({ answers, isSuccess: end === "Success" });
      answers = [];
    }
  }
  if (found.length !== queries.length) throw new Error(`${found.length} answers to ${queries.length} queries:\n${log}`);
  return found;
}

/** Runs a tool to its end and gives what it printed. */
async function run(tool: string, parameters: readonly string[]): Promise<string> {
  const child = spawn(toolPath(tool) ?? tool, parameters, {
    env: { ...process.env, TCP_NODELAY: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([Array.fromAsync(child.stdout), Array.fromAsync(child.stderr)]);
  return Buffer.concat([...output, ...errors] as Buffer[]).toString("utf8");
}

/** Starts DCMTK's wlmscpfs on a copy of the worklists in `source`; it shall keep the character sets of the files. */
export async function startWlmscpfs(source: string, folder: string): Promise<WorklistPeer & { stop(): Promise<void> }> {
  const title = "DCMTK";
  const place = await mkdtemp(join(folder, "wlmscpfs-"));
  await mkdir(join(place, title));
  const names = (await readdir(source)).filter((name) => name.endsWith(".wl"));
  for (const name of names) await copyFile(join(source, name), join(place, title, name));
  await writeFile(join(place, title, "lockfile"), "");
  const port = await freePort();
  const parameters = ["--single-process", "--disable-file-reject", "--keep-char-set", "-dfp", place, String(port)];
  const child = spawn(toolPath("wlmscpfs") ?? "wlmscpfs", parameters, {
    env: { ...process.env, TCP_NODELAY: "1" },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await listening(port);
  return {
    port,
    title,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Resolves when somebody listens; there is no event to wait for in another program. */
async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await delay(50);
  }
  throw new Error(`nobody listens on port ${port}`);
}
