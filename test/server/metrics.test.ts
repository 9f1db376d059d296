import { expect, it } from "vitest";
import { makeImage } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

async function metricsOf(url: string): Promise<Record<string, number>> {
  const lines = (await ask(url, "GET /tools/metrics-prometheus")).text().trimEnd().split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", value, time, ...rest] = line.split(" ");
      expect([rest, Number(time) > 1e12]).toEqual([[], true]);
      return [name, Number(value)];
    }),
  );
}

it("the metrics of a server that stored, read and sent", async () => {
  const { url } = await serverForTest();
  const { file, uids } = makeImage({ rows: 300 });
  const { ID } = await upload(url, file);
  await askJson(url, `GET /instances/${ID}/simplified-tags`);
  await askJson(url, `GET /instances/${ID}/simplified-tags`);
  const accept = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  const sent = await ask(url, `GET /dicom-web/studies/${uids.StudyInstanceUID}`, { headers: accept });
  await expect(askJson(url, "GET /studies/unknown")).rejects.toThrow("404");
  const metrics = await metricsOf(url);
  expect(metrics).toMatchObject({
    orthanc_count_instances: 1,
    orthanc_jobs_running: 0,
    orthanc_rest_api_active_requests: 1,
    orthanc_storage_cache_count: 1,
    orthanc_dicomweb_wadors_total_bytes_transferred: sent.bytes.length,
    orthanc_storage_written_bytes: file.length,
    orthanc_logged_errors_count: 0,
  });
  expect(metrics["orthanc_storage_read_bytes"]).toBeGreaterThanOrEqual(file.length);
  expect(metrics["orthanc_storage_cache_hit_count"]).toBeGreaterThanOrEqual(1);
  expect(metrics["orthanc_storage_cache_miss_count"]).toBe(1);
  expect(Object.keys(metrics)).toEqual(
    expect.arrayContaining([
      "orthanc_store_dicom_duration_ms",
      "orthanc_rest_api_duration_ms",
      "orthanc_storage_create_duration_ms",
      "orthanc_storage_read_duration_ms",
      "orthanc_logged_warnings_count",
      "orthanc_transcoder_available_threads",
      "orthanc_available_dicom_threads",
    ]),
  );
});
