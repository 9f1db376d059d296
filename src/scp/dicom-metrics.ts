import type { CommandName } from "../dimse/command-set.ts";
import type { Turns } from "./turns.ts";

/** What Prometheus is told of the DICOM server. */
export interface DicomMetrics {
  /** An operation took so many milliseconds. */
  measured(operation: CommandName, duration: number): void;
  /** Values by Orthanc's names; durations of operations that were not asked for of late are left out. */
  gauges(): Readonly<Record<string, number>>;
}

/** Orthanc's names of durations. */
const names: Partial<Record<CommandName, string>> = {
  "C-FIND-RQ": "orthanc_find_scp_duration_ms",
  "C-MOVE-RQ": "orthanc_move_scp_duration_ms",
  "C-GET-RQ": "orthanc_get_scp_duration_ms",
};

/** Milliseconds for which the longest duration stands. */
const period = 10_000;

interface Longest {
  readonly duration: number;
  readonly at: number;
}

/** Of each operation the longest duration of the last seconds, so that slow ones are seen whenever one looks; as Orthanc has it. */
export function createDicomMetrics(turns: Pick<Turns, "available">, now: () => number = Date.now): DicomMetrics {
  const longest = new Map<string, Longest>();
  return {
    measured(operation, duration) {
      const name = names[operation];
      if (name === undefined) return;
      const before = longest.get(name);
      const at = now();
      if (before === undefined || at - before.at > period || duration >= before.duration) {
        longest.set(name, { duration, at });
      }
    },
    gauges() {
      const recent = [...longest].filter(([, { at }]) => now() - at <= period);
      const durations = Object.fromEntries(recent.map(([name, { duration }]) => [name, Math.round(duration)]));
      return { ...durations, orthanc_available_dicom_threads: turns.available };
    },
  };
}
