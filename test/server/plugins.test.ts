import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { ask, askJson } from "./ask.ts";
import { folderForTest, processForTest } from "./server-for-test.ts";

const main = resolve(import.meta.dirname, "../../src/main.ts");

/** As a user writes it; types alone are imported, so that it runs from any folder. */
const greeter = `
import type { Plugin } from "greyhaven/plugin";

interface Section { readonly Greeting: string; readonly File: string }

const greeter: Plugin = {
  id: "greeter",
  version: "2.5",
  description: "Greets",
  rootUri: "greet/world",
  async start(server) {
    const { Greeting, File } = server.section("Greeter") as Section;
    const text = (await server.readText(server.resolvePath(File))).trim();
    await server.registerDicomWebServer("from-plugin", {
      url: "http://127.0.0.1:9/dicom-web/",
      hasDelete: true,
      chunkedTransfers: true,
      hasWadoRsUniversalTransferSyntax: true,
      httpHeaders: {},
      userProperties: {},
    });
    return {
      routes: [
        {
          method: "GET",
          path: "/greet/{name}",
          tag: "Greeter",
          summary: "Greets somebody",
          handle: ({ parameters }) => ({ type: "text/plain", body: \`\${Greeting} \${parameters.name}, \${text}\` }),
        },
      ],
    };
  },
};
export default greeter;
`;

describe("a TypeScript module in Plugins", () => {
  it("has routes, a section, files and DICOMweb servers", async () => {
    const folder = await folderForTest();
    await writeFile(join(folder, "greeter.ts"), greeter);
    await writeFile(join(folder, "note.txt"), "welcome\n");
    const server = await processForTest(folder, {
      Plugins: ["./greeter.ts", "/usr/share/orthanc/plugins/libOrthancDicomWeb.so", "."],
      Greeter: { Greeting: "Hello", File: "note.txt" },
    });
    const { status, headers, text } = await ask(server.url, "GET /greet/J%C3%BCrgen");
    expect([status, headers["content-type"], text()]).toEqual([200, "text/plain", "Hello Jürgen, welcome"]);
    expect((await ask(server.url, "POST /greet/world")).status).toBe(405);
    expect(await askJson(server.url, "GET /plugins")).toContain("greeter");
    expect(await askJson(server.url, "GET /plugins/greeter")).toMatchObject({
      ID: "greeter",
      Version: "2.5",
      Description: "Greets",
      RootUri: "../greet/world",
    });
    expect(await askJson(server.url, "GET /dicom-web/servers")).toEqual(["from-plugin"]);
  });
});

/** The exit code and the log of a start that is expected to fail. */
async function failedStart(module: string): Promise<readonly [code: unknown, log: string]> {
  const folder = await folderForTest();
  await writeFile(join(folder, "faulty.ts"), module);
  const file = join(folder, "config.json");
  await writeFile(
    file,
    JSON.stringify({ HttpPort: 0, DicomPort: 0, Plugins: ["./faulty.ts"], StorageDirectory: "storage" }),
  );
  const child = spawn(process.execPath, [main, file], { stdio: ["ignore", "ignore", "pipe"] });
  const log = Array.fromAsync(child.stderr.setEncoding("utf8") as AsyncIterable<string>);
  const [code] = (await once(child, "exit")) as [number | null];
  return [code, (await log).join("")];
}

describe("a plugin that fails", () => {
  it("stops the start with its name and its reason", async () => {
    const [code, log] = await failedStart(
      `export default { id: "faulty", version: "1", description: "", start() { throw new Error("no coffee left"); } };`,
    );
    expect(code).toBe(255);
    expect(log).toContain('the plugin "faulty" did not start: no coffee left');
  });

  it("that cannot be loaded is named by its path", async () => {
    const [code, log] = await failedStart(`import "./not-there.ts";`);
    expect(code).toBe(255);
    expect(log).toContain("faulty.ts cannot be loaded");
  });

  it("that is no plugin is told what is missing", async () => {
    const [code, log] = await failedStart(`export default { id: "faulty" };`);
    expect(code).toBe(255);
    expect(log).toContain("faulty.ts is no plugin: its default export needs id, version, description and start");
  });
});
