import type { CommandName } from "../dimse/command-set.ts";
import type { Metrics } from "../util/metrics.ts";
import type { Turns } from "./turns.ts";

/** Told how long operations of the DICOM server take. */
export interface DicomMetrics {
  /** An operation took so many milliseconds. */
  measured(operation: CommandName, duration: number): void;
}

/** Orthanc's names of durations. */
const names: Partial<Record<CommandName, string>> = {
  "C-FIND-RQ": "orthanc_find_scp_duration_ms",
  "C-MOVE-RQ": "orthanc_move_scp_duration_ms",
  "C-GET-RQ": "orthanc_get_scp_duration_ms",
};

export function createDicomMetrics(
  turns: Pick<Turns, "available">,
  metrics: Pick<Metrics, "duration" | "gauge">,
): DicomMetrics {
  metrics.gauge("orthanc_available_dicom_threads", () => turns.available);
  return {
    measured(operation, duration) {
      const name = names[operation];
      if (name !== undefined) metrics.duration(name, duration);
    },
  };
}
