import { expect, test } from "vitest";
import { createDicomMetrics } from "./dicom-metrics.ts";

test("the longest duration of the last ten seconds stands", () => {
  let now = 1_000_000;
  const metrics = createDicomMetrics({ available: 3 }, () => now);
  expect(metrics.gauges()).toEqual({ orthanc_available_dicom_threads: 3 });
  metrics.measured("C-FIND-RQ", 20.4);
  metrics.measured("C-FIND-RQ", 5);
  metrics.measured("C-ECHO-RQ", 99);
  expect(metrics.gauges()).toMatchObject({ orthanc_find_scp_duration_ms: 20 });
  expect(Object.keys(metrics.gauges())).toHaveLength(2);
  now += 10_001;
  expect(metrics.gauges()).toEqual({ orthanc_available_dicom_threads: 3 });
  metrics.measured("C-FIND-RQ", 5);
  metrics.measured("C-GET-RQ", 7);
  metrics.measured("C-MOVE-RQ", 8);
  expect(metrics.gauges()).toMatchObject({
    orthanc_find_scp_duration_ms: 5,
    orthanc_get_scp_duration_ms: 7,
    orthanc_move_scp_duration_ms: 8,
  });
});
