import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { toolPath } from "../debian-tool.ts";
import { freePort } from "../free-port.ts";

/** A web server that runs one of the configurations of docs/proxies. */
export interface RunningProxy {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const folderOfConfigurations = resolve(import.meta.dirname, "../../docs/proxies");

/** Runs nginx with a configuration of docs/proxies as it stands: only the ports and the folder of its own files are put in. */
export async function runNginx(name: string, target: number): Promise<RunningProxy> {
  const { folder, port, configuration } = await prepare(name, target);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${kind};`);
  const own = configuration
    .replace("listen 80;", `listen 127.0.0.1:${port};`)
    .replace("http {", `http {\n${temporary.join("\n")}\naccess_log off;`);
  writeFileSync(join(folder, "nginx.conf"), `pid nginx.pid;\n${own}`);
  const commandLine = ["-p", folder, "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"];
  return run("nginx", commandLine, { folder, port });
}

/** Runs Apache with docs/proxies/apache.conf as it stands, below the few lines that Debian's own configuration has. */
export async function runApache(target: number): Promise<RunningProxy> {
  const { folder, port, configuration } = await prepare("apache.conf", target);
  const modules = ["mpm_event", "authz_core", "proxy", "proxy_http", "headers", "alias"];
  const debian = [
    `ServerRoot ${folder}`,
    "ServerName localhost",
    "PidFile apache.pid",
    "ErrorLog error.log",
    `DefaultRuntimeDir ${folder}`,
    ...modules.map((module) => `LoadModule ${module}_module /usr/lib/apache2/modules/mod_${module}.so`),
  ];
  const own = configuration.replace("Listen 80", `Listen 127.0.0.1:${port}`).replace("*:80", `*:${port}`);
  writeFileSync(join(folder, "apache.conf"), `${debian.join("\n")}\n${own}`);
  return run("apache2", ["-f", join(folder, "apache.conf"), "-DFOREGROUND"], { folder, port });
}

async function prepare(name: string, target: number) {
  const folder = mkdtempSync(join(tmpdir(), "greyhaven-proxy-"));
  mkdirSync(join(folder, "logs"));
  const text = readFileSync(join(folderOfConfigurations, name), "utf8");
  return { folder, port: await freePort(), configuration: text.replaceAll("127.0.0.1:8042", `127.0.0.1:${target}`) };
}

async function run(
  tool: string,
  commandLine: readonly string[],
  { folder, port }: { folder: string; port: number },
): Promise<RunningProxy> {
  const child = spawn(toolPath(tool) ?? tool, commandLine, { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  await untilListening(port, child, () => errors);
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilListening(port: number, child: ChildProcess, errors: () => string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null) throw new Error(`The proxy did not start: ${errors()}`);
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The proxy does not listen: ${errors()}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
