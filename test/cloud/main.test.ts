import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { call, obtainToken } from "./testing/client.ts";
import type { Emulator } from "./emulator.ts";

test("the program writes files that work, says what is next, and stops when told", async () => {
  const folder = await mkdtemp(join(tmpdir(), "greyhaven-emulator-test-"));
  const program = spawn(process.execPath, [resolve(import.meta.dirname, "main.ts"), folder]);
  try {
    let said = "";
    for await (const chunk of program.stdout) {
      said += String(chunk);
      if (said.includes("npm start")) break;
    }
    const read = async (name: string): Promise<string> => readFile(join(folder, name), "utf8");
    const account = JSON.parse(await read("service-account.json")) as ReturnType<Emulator["createServiceAccount"]>;
    const configuration = JSON.parse(await read("greyhaven.json")) as { GoogleCloudPlatform: { BaseUrl: string } };
    const { BaseUrl } = configuration.GoogleCloudPlatform;
    expect(said).toContain(`npm start -- ${join(folder, "greyhaven.json")}`);
    const remote = { url: new URL(BaseUrl).origin, certificateAuthority: await read("google-ca.pem") };
    const token = await obtainToken(remote, account);
    const store = "projects/emulated-project/locations/europe-west1/datasets/imaging/dicomStores/archive";
    const answer = await call(remote, `/v1beta1/${store}/dicomWeb/studies`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(204);
    program.kill("SIGTERM");
    expect(await once(program, "exit")).toEqual([0, null]);
  } finally {
    program.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  }
});
