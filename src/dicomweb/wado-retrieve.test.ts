import { setImmediate } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import { defaultDicomWebOptions } from "../../test/dicomweb/default-options.ts";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeStudy } from "../../test/phantoms/study.ts";
import { noLog } from "../util/log.ts";
import { createMetrics } from "../util/metrics.ts";
import { wadoRetrieveRoutes } from "./wado-retrieve.ts";

const opened = await openMemoryArchive();
afterAll(() => opened.close());
const images = [...makeStudy({ instances: 4, rows: 8 })];
for (const { file } of images) await opened.archive.ingest(file, { kind: "RestApi" });

describe("a retrieval of several instances", () => {
  it.each([1, 3])("makes so many ready at the same time: %i", async (filesAhead) => {
    let underWay = 0;
    let most = 0;
    const { archive, catalog } = opened;
    const metrics = createMetrics();
    const routes = wadoRetrieveRoutes({
      archive: {
        async open(...asked) {
          underWay += 1;
          most = Math.max(most, underWay);
          await setImmediate();
          const file = await archive.open(...asked);
          underWay -= 1;
          return file;
        },
      },
      catalog,
      transcoding: { transcodedFile: () => Promise.reject(new Error("not asked for")) },
      options: { ...defaultDicomWebOptions, metadataAhead: 1, filesAhead },
      metrics,
      log: noLog,
    });
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const path = `/dicom-web/studies/${images[0]?.uids.StudyInstanceUID}`;
    const { bytes } = await callRoute(routes, `GET ${path}`, { headers: { accept } });
    expect(most).toBe(filesAhead);
    const places = images.map(({ file }) => bytes.indexOf(file));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((left, right) => left - right));
    expect(metrics.values()).toEqual({ orthanc_dicomweb_wadors_total_bytes_transferred: bytes.length });
  });
});
