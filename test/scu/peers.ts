import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { toolPath } from "../debian-tool.ts";
import { freePort } from "../free-port.ts";

/** Debian's DCMTK leaves Nagle's algorithm on. */
const environment = { ...process.env, TCP_NODELAY: "1" };
const startTimeout = 10_000;

/** A DICOM server of another make, in a process and a folder of its own. */
export interface Peer {
  readonly port: number;
  readonly folder: string;
  /** What it printed so far. */
  log(): string;
  stop(): Promise<void>;
}

interface PeerProgram {
  readonly program: string;
  readonly port: number;
  readonly folder: string;
  readonly commandLine: readonly string[];
}

async function start({ program, port, folder, commandLine }: PeerProgram): Promise<Peer> {
  const child = spawn(toolPath(program) ?? program, commandLine, { cwd: folder, env: environment });
  let printed = "";
  const record = (chunk: Buffer): void => {
    printed += chunk.toString("latin1");
  };
  child.stdout.on("data", record);
  child.stderr.on("data", record);
  const ended = once(child, "exit");
  for (const deadline = Date.now() + startTimeout; !(await listens(port)); await delay(20)) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`${program} did not start: ${printed}`);
  }
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  return { port, folder, log: () => printed, stop };
}

async function listens(port: number): Promise<boolean> {
  const socket = createConnection({ host: "127.0.0.1", port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function peerFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "greyhaven-peer-"));
}

/** A storage server (`storescp`) that keeps what it gets in its folder. `options` of its command line besides. */
export async function startStoreScp(options: readonly string[] = []): Promise<Peer> {
  const [port, folder] = [await freePort(), await peerFolder()];
  const commandLine = ["--verbose", "--output-directory", folder, ...options, String(port)];
  return start({ program: "storescp", port, folder, commandLine });
}

/** Names of the files that a storage server has got. */
export async function storedFiles({ folder }: Peer): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^[A-Z]+\./.test(name)).toSorted();
}

/** A query/retrieve server (`dcmqrscp`, title `QR`) that knows `targets` (title → port) and holds the files of `folders`. */
export async function startQueryScp(
  targets: Readonly<Record<string, number>>,
  folders: readonly string[],
): Promise<Peer> {
  const [port, folder] = [await freePort(), await peerFolder()];
  await mkdir(join(folder, "db"));
  const hosts = Object.entries(targets).map(([title, target]) => `h${target} = (${title}, localhost, ${target})`);
  const configuration = [
    `NetworkTCPPort = ${port}`,
    "MaxPDUSize = 16384",
    "MaxAssociations = 16",
    `HostTable BEGIN\n${hosts.join("\n")}\nHostTable END`,
    "VendorTable BEGIN\nVendorTable END",
    `AETable BEGIN\nQR ${join(folder, "db")} RW (200, 1024mb) ANY\nAETable END\n`,
  ];
  await writeFile(join(folder, "dcmqrscp.cfg"), configuration.join("\n"));
  const commandLine = ["--verbose", "--config", join(folder, "dcmqrscp.cfg")];
  const peer = await start({ program: "dcmqrscp", port, folder, commandLine });
  const send = ["-aec", "QR", "localhost", String(port), "+sd", "+r", ...folders];
  await promisify(execFile)(toolPath("dcmsend") ?? "dcmsend", send, { env: environment });
  return peer;
}

/** A worklist server (`wlmscpfs`, title `WLM`) with the items of `worklists`. */
export async function startWorklistScp(worklists: string): Promise<Peer> {
  const [port, folder] = [await freePort(), await peerFolder()];
  await cp(worklists, join(folder, "WLM"), { recursive: true });
  const commandLine = ["--verbose", "--data-files-path", folder, String(port)];
  return start({ program: "wlmscpfs", port, folder, commandLine });
}
