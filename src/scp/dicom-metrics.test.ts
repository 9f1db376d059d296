import { expect, test } from "vitest";
import { createMetrics } from "../util/metrics.ts";
import { createDicomMetrics } from "./dicom-metrics.ts";

test("durations and free turns have Orthanc's names", () => {
  const metrics = createMetrics();
  const dicomMetrics = createDicomMetrics({ available: 3 }, metrics);
  dicomMetrics.measured("C-FIND-RQ", 5);
  dicomMetrics.measured("C-GET-RQ", 7);
  dicomMetrics.measured("C-MOVE-RQ", 8);
  dicomMetrics.measured("C-ECHO-RQ", 99);
  expect(metrics.values()).toEqual({
    orthanc_available_dicom_threads: 3,
    orthanc_find_scp_duration_ms: 5,
    orthanc_get_scp_duration_ms: 7,
    orthanc_move_scp_duration_ms: 8,
  });
});
