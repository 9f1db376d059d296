import { copyFile } from "node:fs/promises";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeStudy, type StudyOptions } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, processForTest, serverForTest } from "../server/server-for-test.ts";
import { upload, type Stored } from "../server/upload.ts";

const source = resolve(import.meta.dirname, "../../examples/plugins");
const examples = ["auto-routing.ts", "ingest-filter.ts", "latest-studies.ts"];

/** A door to a server that says when something is posted to it. */
async function watchedDicomWeb() {
  const target = await serverForTest();
  const posted = Promise.withResolvers<void>();
  const door = createServer((request, response) => {
    void (async () => {
      const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>));
      const { "content-type": type = "" } = request.headers;
      const answer = await ask(target.url, `${request.method} ${request.url}`, {
        body,
        headers: { "content-type": type },
      });
      response.writeHead(answer.status, { "content-type": answer.headers["content-type"] ?? "" }).end(answer.bytes);
      if (request.method === "POST") posted.resolve();
    })();
  }).listen(0, "127.0.0.1");
  await once(door, "listening");
  onTestFinished(() => {
    door.closeAllConnections();
    door.close();
  });
  const { port } = door.address() as AddressInfo;
  return { target, posted: posted.promise, Url: `http://127.0.0.1:${port}/dicom-web/` };
}

/** Uploads the one small image of a phantom study. */
async function uploadOne(url: string, options: StudyOptions): Promise<Stored> {
  const [instance] = makeStudy({ rows: 8, instances: 1, ...options });
  return upload(url, instance?.file ?? Buffer.of());
}

describe("examples/plugins", () => {
  it("route stable studies, show a page, and filter what comes", async () => {
    const { target, posted, Url } = await watchedDicomWeb();
    // A folder of the user's, where nothing is installed.
    const folder = await folderForTest();
    for (const name of examples) await copyFile(join(source, name), join(folder, name));
    const { url } = await processForTest(folder, {
      Plugins: examples.map((name) => `./${name}`),
      StableAge: 1,
      DicomWeb: { Servers: { other: { Url, ChunkedTransfers: false } } },
      AutoRouting: { Routes: [{ Modalities: ["MR"], DicomWebServer: "other" }] },
      IngestFilter: { Modalities: ["CT", "MR"], PatientIDRequired: true },
    });
    expect(await askJson(url, "GET /plugins")).toEqual(
      expect.arrayContaining(["auto-routing", "ingest-filter", "latest-studies"]),
    );

    expect((await uploadOne(url, { seed: 1, modality: "US" })).Status).toBe("FilteredOut");
    expect((await uploadOne(url, { seed: 2, modality: "CT", patientId: "" })).Status).toBe("FilteredOut");
    const ct = await uploadOne(url, { seed: 3, modality: "CT", patientName: "First^<b>Bold</b>" });
    const mr = await uploadOne(url, { seed: 4, modality: "MR", patientName: "Second^Sue" });
    expect([ct.Status, mr.Status]).toEqual(["Success", "Success"]);

    const list = await askJson<string[]>(url, "GET /latest-studies/list");
    expect(new Set(list)).toEqual(new Set([ct.ParentStudy, mr.ParentStudy]));
    const { headers, text } = await ask(url, "GET /latest-studies");
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(text()).toContain(`<a href="studies/${mr.ParentStudy}/archive">Second^Sue, `);
    expect(text()).toContain("First^&lt;b&gt;Bold&lt;/b&gt;, ");
    expect(await askJson(url, "GET /plugins/latest-studies")).toMatchObject({ RootUri: "../latest-studies" });

    await posted;
    expect(await askJson(target.url, "GET /studies")).toEqual([mr.ParentStudy]);
  }, 60_000);
});
