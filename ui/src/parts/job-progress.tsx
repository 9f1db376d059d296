import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { getJson } from "../api.ts";
import { useLoaded, useReloading } from "../loaded.ts";
import type { Job } from "../model.ts";
import { Failure } from "./notices.tsx";

const refreshEvery = 500;

/** Why a job failed, in one sentence; undefined when it did not. */
export function jobError(job: Job): string | undefined {
  if (job.State !== "Failure") return undefined;
  const detail = job.ErrorDetails ?? "";
  return detail === "" ? job.ErrorDescription : `${job.ErrorDescription}: ${detail}`;
}

export function JobState({ job }: { readonly job: Job }): VNode {
  return <span class={`state state-${job.State.toLowerCase()}`}>{job.State}</span>;
}

/** A job's bar, followed until its end. */
export function JobProgress({
  id,
  title,
  onSuccess,
}: {
  readonly id: string;
  readonly title: string;
  readonly onSuccess?: () => void;
}): VNode {
  const [loaded, reload] = useLoaded(id, (signal) => getJson<Job>(`jobs/${id}`, signal));
  const state = loaded.state === "ready" ? loaded.value.State : undefined;
  useReloading(loaded, reload, state === "Success" || state === "Failure" ? undefined : refreshEvery);
  useEffect(() => {
    if (state === "Success") onSuccess?.();
  }, [state]);
  if (loaded.state === "loading") return <p class="job">{title}…</p>;
  if (loaded.state === "failed") return <Failure message={`${title}: ${loaded.message}`} />;
  return (
    <div class="job">
      <span role="status">
        {title} <JobState job={loaded.value} />
      </span>
      {state === "Success" || <progress max={100} value={loaded.value.Progress} aria-label={title} />}
      <Failure message={jobError(loaded.value)} />
    </div>
  );
}
