import { afterAll, describe, expect, test } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeStudy } from "../../test/phantoms/study.ts";
import { createJobsEngine } from "../jobs/engine.ts";
import { noLog } from "../util/log.ts";
import { descendantsTagsRoutes } from "./descendants-tags-routes.ts";
import { fileRoutes } from "./file-routes.ts";
import { createMetrics } from "../util/metrics.ts";
import { metricsRoutes } from "./metrics-routes.ts";

const opened = await openMemoryArchive();
const { archive, catalog } = opened;
afterAll(() => opened.close());

const images = [...makeStudy({ instances: 3, rows: 8, patientName: "Müller^Jörg" })];
const [image] = images;
const stored = await Promise.all(images.map(({ file }) => archive.ingest(file, { kind: "RestApi" })));
const ids = stored.map(({ identifiers }) => identifiers.Instance).toSorted();
const study = stored[0]?.identifiers.Study ?? "";
const jobs = createJobsEngine({ concurrent: 1, historySize: 1, log: noLog });
const routes = [
  ...descendantsTagsRoutes({ archive, catalog }),
  ...fileRoutes({ archive, transcoding: { transcodedFile: async () => undefined } }),
  ...metricsRoutes({ catalog, jobs, startTime: Date.now(), enabled: true, metrics: createMetrics() }),
];
const call = (target: string) => callRoute(routes, target);
const jsonOf = async (target: string) => (await call(target)).json();

describe("modules", () => {
  test("hold the attributes of their level, of one instance", async () => {
    const patient = { PatientID: "PHANTOM-1", PatientName: "Müller^Jörg" };
    expect(await jsonOf(`GET /patients/${stored[0]?.identifiers.Patient}/module?simplify`)).toMatchObject(patient);
    expect(await jsonOf(`GET /studies/${study}/module-patient?simplify`)).toMatchObject(patient);
    const { StudyInstanceUID } = image?.uids ?? {};
    expect(await jsonOf(`GET /studies/${study}/module?simplify`)).toMatchObject({ StudyInstanceUID });
    expect(await jsonOf(`GET /studies/${study}/module?simplify`)).not.toHaveProperty("PatientID");
    expect(await jsonOf(`GET /series/${stored[0]?.identifiers.Series}/module?short`)).toMatchObject({
      "0008,0060": "CT",
    });
    expect(await jsonOf(`GET /instances/${stored[0]?.identifiers.Instance}/module`)).toMatchObject({
      "0008,0018": { Name: "SOPInstanceUID", Type: "String", Value: image?.uids.SOPInstanceUID },
    });
  });

  test("of an unknown resource are an error", async () => {
    expect(await jsonOf("GET /studies/nothing/module")).toMatchObject({ error: "UnknownResource" });
  });
});

describe("shared-tags", () => {
  test("hold texts that are the same everywhere", async () => {
    const shared = await jsonOf(`GET /studies/${study}/shared-tags?simplify`);
    expect(shared).toMatchObject({ PatientID: "PHANTOM-1", Rows: "8" });
    expect(shared).not.toHaveProperty("SOPInstanceUID");
    expect(shared).not.toHaveProperty("PixelData");
    expect(await jsonOf(`GET /studies/${study}/shared-tags`)).toMatchObject({
      "0010,0020": { Name: "PatientID", Type: "String", Value: "PHANTOM-1" },
    });
    expect(await jsonOf(`GET /studies/${study}/shared-tags?short`)).toMatchObject({ "0010,0020": "PHANTOM-1" });
    expect(await jsonOf("GET /studies/nothing/shared-tags")).toMatchObject({ error: "UnknownResource" });
  });
});

describe("instances-tags", () => {
  test("are XML for who wants it, one instance after the other", async () => {
    const target = `GET /studies/${study}/instances-tags?simplify`;
    const answer = await callRoute(routes, target, { headers: { accept: "application/xml" } });
    expect(answer.type).toBe("application/xml; charset=utf-8");
    const [declaration, root, ...lines] = answer.text().split("\n");
    expect([declaration, root, ...lines.slice(-2)]).toEqual([
      '<?xml version="1.0" encoding="utf-8"?>',
      "<root>",
      "</root>",
      "",
    ]);
    const instances = lines.filter((line) => /^  <[0-9a-f]/.test(line)).map((line) => line.replaceAll(/[ <>]/g, ""));
    expect(instances).toEqual(ids);
    expect(lines.filter((line) => line === "    <PatientName>Müller^Jörg</PatientName>")).toHaveLength(3);
  });

  test("are an object by instance, sent piece by piece", async () => {
    const answer = await call(`GET /studies/${study}/instances-tags?simplify`);
    const all = answer.json() as Record<string, { SOPInstanceUID: string; PixelData: null }>;
    expect(Object.keys(all)).toEqual(ids);
    expect(
      Object.values(all)
        .map(({ SOPInstanceUID }) => SOPInstanceUID)
        .toSorted(),
    ).toEqual(images.map(({ uids }) => uids.SOPInstanceUID).toSorted());
    expect(Object.values(all)[0]).toHaveProperty("PixelData", null);
    expect(answer.text()).toBe(JSON.stringify(all, undefined, 3));
  });
});

describe("/instances/{id}/file", () => {
  test("is the file that was stored, under a name", async () => {
    const instance = stored[0]?.identifiers.Instance;
    const file = await call(`GET /instances/${instance}/file`);
    expect(file.bytes.equals(image?.file ?? Buffer.alloc(0))).toBe(true);
    expect(file.type).toBe("application/dicom");
    expect(file.headers["Content-Disposition"]).toMatch(/^filename="[0-9a-f-]{36}\.dcm"$/);
    const named = await call(`GET /instances/${instance}/file?filename=a%22b.dcm`);
    expect(named.headers["Content-Disposition"]).toBe('filename="ab.dcm"');
    expect(await jsonOf("GET /instances/nothing/file")).toMatchObject({ error: "UnknownResource" });
  });
});

test("metrics are lines of name, value and time", async () => {
  const text = (await call("GET /tools/metrics-prometheus")).text();
  expect(text).toMatch(/^(orthanc_[a-z_]+ [0-9.e-]+ [0-9]{13}\n)+$/);
  expect(text).toMatch(/^orthanc_count_instances 3 /m);
});
