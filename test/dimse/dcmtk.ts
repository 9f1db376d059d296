import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { toolPath } from "../debian-tool.ts";
import { freePort } from "../free-port.ts";

export interface ToolResult {
  readonly code: number;
  readonly output: string;
}

/** Without Nagle's algorithm, which Debian's DCMTK leaves on. */
const environment = { ...process.env, TCP_NODELAY: "1" };
const longestStart = 20_000;

/** Runs a program of DCMTK to its end; `output` is both of its streams. */
export function runTool(tool: string, ...parameters: readonly string[]): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = execFile(
      toolPath(tool) ?? tool,
      parameters,
      { env: environment, maxBuffer: 1 << 24 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    );
  });
}

export interface ToolServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server of DCMTK on a port of its own; `parameters` without the port, which is the last. */
export async function startTool(tool: string, ...parameters: readonly string[]): Promise<ToolServer> {
  const port = await freePort();
  const child = spawn(toolPath(tool) ?? tool, [...parameters, String(port)], { env: environment, stdio: "ignore" });
  const ended = once(child, "exit");
  const deadline = Date.now() + longestStart;
  while (!(await answers(port))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${tool} did not start`);
    await delay(20);
  }
  return { port, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill();
  await ended;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const answer = (yes: boolean) => () => {
      socket.destroy();
      resolve(yes);
    };
    socket.once("connect", answer(true));
    socket.once("error", answer(false));
  });
}
