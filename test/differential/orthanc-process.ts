import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { toolPath } from "../debian-tool.ts";
import { freePort } from "../free-port.ts";
import { ask } from "../server/ask.ts";

/** Debian's Orthanc with its DICOMweb plugin. */
export interface OrthancProcess {
  readonly url: string;
  stop(): Promise<void>;
}

const dicomWebPlugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
const startTimeout = 30_000;

/** Starts it on ports of its own with an empty storage. */
export async function startOrthanc(configuration: object): Promise<OrthancProcess> {
  const folder = await mkdtemp(join(tmpdir(), "orthanc-test-"));
  const port = await freePort();
  const file = join(folder, "orthanc.json");
  const settings = {
    HttpPort: port,
    DicomPort: await freePort(),
    StorageDirectory: folder,
    IndexDirectory: folder,
    Plugins: [dicomWebPlugin],
    ...configuration,
  };
  await writeFile(file, JSON.stringify(settings));
  const child = spawn(toolPath("Orthanc") ?? "Orthanc", [file], { stdio: ["ignore", "ignore", "ignore"] });
  const ended = once(child, "exit");
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true });
  };
  const url = `http://localhost:${port}`;
  for (const deadline = Date.now() + startTimeout; Date.now() < deadline && child.exitCode === null; await delay(100)) {
    const answer = await ask(url, "GET /system").catch(() => undefined);
    if (answer?.status === 200) return { url, stop };
  }
  await stop();
  throw new Error("Orthanc did not start");
}
