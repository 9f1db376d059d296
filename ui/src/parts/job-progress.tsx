import type { VNode } from "preact";
import { useCallback } from "preact/hooks";
import { getJson } from "../api.ts";
import { useInterval, useLoaded } from "../loaded.ts";
import type { Job } from "../model.ts";

export function isFinal(job: Job): boolean {
  return job.State === "Success" || job.State === "Failure";
}

/** Why a job failed, in one sentence. */
export function jobError(job: Job): string {
  const detail = job.ErrorDetails ?? "";
  return detail === "" ? job.ErrorDescription : `${job.ErrorDescription}: ${detail}`;
}

/** A job's bar, followed until its end. */
export function JobProgress({ id, title }: { readonly id: string; readonly title: string }): VNode {
  const [job, reload] = useLoaded(id, (signal) => getJson<Job>(`jobs/${id}`, signal));
  const running = job.state !== "ready" || !isFinal(job.value);
  useInterval(
    500,
    useCallback(() => {
      if (running) reload();
    }, [running, reload]),
  );
  if (job.state === "loading") return <p>{title}…</p>;
  if (job.state === "failed") return <p class="error">{job.message}</p>;
  return (
    <div class="job" role="status">
      <span>
        {title}: <JobState job={job.value} />
      </span>
      <progress max={100} value={job.value.Progress} />
      {job.value.State === "Failure" && <p class="error">{jobError(job.value)}</p>}
    </div>
  );
}

export function JobState({ job }: { readonly job: Job }): VNode {
  return <span class={`state state-${job.State.toLowerCase()}`}>{job.State}</span>;
}
