import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { startGreyhaven, type GreyhavenProcess } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer, type TestServer, type TestServerOptions } from "../greyhaven.ts";

/** A whole server in this process that is closed when the test ends, if the test has not done that itself. */
export async function serverForTest(configuration: object = {}, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await startTestServer(configuration, options);
  onTestFinished(() => server.close());
  return server;
}

/** The server as a process of its own that is stopped when the test ends. */
export async function processForTest(folder: string, configuration: object = {}): Promise<GreyhavenProcess> {
  const server = await startGreyhaven(folder, await freePort(), configuration);
  onTestFinished(() => server.stop());
  return server;
}

/** A folder that is removed when the test ends; ask for it before the servers that use it. */
export async function folderForTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "greyhaven-test-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
