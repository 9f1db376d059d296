import type { Catalog } from "../catalog/catalog.ts";
import { readText } from "../http/body.ts";
import { empty, text } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { parseBooleanText } from "./protected-routes.ts";
import type { JobsEngine, JobState } from "../jobs/job.ts";
import type { Metrics } from "../util/metrics.ts";

interface MetricsParts {
  readonly catalog: Catalog;
  readonly jobs: JobsEngine;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  /** `MetricsEnabled` */
  readonly enabled: boolean;
  /** What is measured all the time. */
  readonly metrics: Pick<Metrics, "values">;
}

const megabyte = 1024 * 1024;

/**
 * `/tools/metrics-prometheus`: one line per metric, `name value timestamp`, the timestamp in milliseconds; nothing while
 * `/tools/metrics` has switched them off.
 */
export function metricsRoutes(parts: MetricsParts): readonly Route[] {
  let { enabled } = parts;
  return [
    {
      method: "GET",
      path: "/tools/metrics",
      tag: "System",
      summary: "Whether metrics are collected: 1 or 0",
      handle: () => text(enabled ? "1" : "0"),
    },
    {
      method: "PUT",
      path: "/tools/metrics",
      tag: "System",
      summary: "Switch the metrics on (1) or off (0)",
      async handle(request) {
        enabled = parseBooleanText(await readText(request));
        return empty();
      },
    },
    {
      method: "GET",
      path: "/tools/metrics-prometheus",
      tag: "System",
      summary: "Metrics for Prometheus",
      async handle() {
        if (!enabled) return text("");
        const now = Date.now();
        const lines = Object.entries(await metrics(parts, now)).map(([name, value]) => `${name} ${value} ${now}\n`);
        return text(lines.join(""));
      },
    },
  ];
}

async function metrics(
  { catalog, jobs, startTime, metrics: measured }: MetricsParts,
  now: number,
): Promise<Record<string, number>> {
  const [statistics, { last }] = await Promise.all([
    catalog.statistics(),
    catalog.changes({ to: Number.MAX_SAFE_INTEGER, limit: 1 }),
  ]);
  const states = jobs.list().map(({ state }) => state);
  const count = (...wanted: JobState[]) => states.filter((state) => wanted.includes(state)).length;
  return {
    orthanc_disk_size_mb: statistics.compressedSize / megabyte,
    orthanc_uncompressed_size_mb: statistics.uncompressedSize / megabyte,
    orthanc_count_patients: statistics.patients,
    orthanc_count_studies: statistics.studies,
    orthanc_count_series: statistics.series,
    orthanc_count_instances: statistics.instances,
    orthanc_jobs_pending: count("Pending"),
    orthanc_jobs_running: count("Running"),
    orthanc_jobs_total_completed: count("Success", "Failure"),
    orthanc_jobs_total_success: count("Success"),
    orthanc_jobs_total_failed: count("Failure"),
    orthanc_up_time_s: Math.floor((now - startTime) / 1000),
    orthanc_last_change: last,
    ...measured.values(),
  };
}
