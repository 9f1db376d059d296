import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { folderForTest, serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

test("/instances/{id}/export writes files only where the configuration allows it", async () => {
  const folder = await folderForTest();
  const [phantom] = makeStudy({ rows: 8, instances: 1 });
  const path = join(folder, "image.dcm");
  for (const [allowed, status] of [
    [false, 403],
    [true, 200],
  ] as const) {
    const { url } = await serverForTest({ RestApiWriteToFileSystemEnabled: allowed });
    const { ID } = await upload(url, phantom?.file ?? Buffer.alloc(0));
    expect((await ask(url, `POST /instances/${ID}/export`, { body: path })).status).toBe(status);
    if (allowed) {
      expect(await readFile(path)).toEqual(phantom?.file);
      expect((await ask(url, `POST /instances/${ID}/export`, { body: join(folder, "no/where") })).status).toBe(500);
      expect((await ask(url, "POST /instances/unknown/export", { body: path })).status).toBe(404);
    } else await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  }
});

test("/tools/metrics switches the metrics", async () => {
  const { url } = await serverForTest();
  const metrics = async () => (await ask(url, "GET /tools/metrics-prometheus")).text();
  expect((await ask(url, "GET /tools/metrics")).text()).toBe("1");
  expect(await metrics()).toMatch(/^orthanc_count_instances 0 \d+$/m);
  expect((await ask(url, "PUT /tools/metrics", { body: "0" })).status).toBe(200);
  expect([(await ask(url, "GET /tools/metrics")).text(), await metrics()]).toEqual(["0", ""]);
  expect((await ask(url, "PUT /tools/metrics", { body: "maybe" })).status).toBe(400);
  const off = await serverForTest({ MetricsEnabled: false });
  expect((await ask(off.url, "GET /tools/metrics")).text()).toBe("0");
});

test("/dicom-web/info tells where the roots are", async () => {
  const { url } = await serverForTest();
  expect(await askJson(url, "GET /dicom-web/info")).toEqual({ DicomWebRoot: "/dicom-web/", OrthancApiRoot: "./../" });
});
