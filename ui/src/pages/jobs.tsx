import type { VNode } from "preact";
import { useCallback, useState } from "preact/hooks";
import { getJson, post } from "../api.ts";
import { messageOf, useInterval, useLoaded } from "../loaded.ts";
import type { Job } from "../model.ts";
import { jobError, JobState } from "../parts/job-progress.tsx";
import { Shown } from "../parts/notices.tsx";

const refreshEvery = 1000;

/** Which actions make sense in which state. */
const actions: Readonly<Record<Job["State"], readonly string[]>> = {
  Pending: ["pause", "cancel"],
  Running: ["pause", "cancel"],
  Retry: ["pause", "cancel"],
  Paused: ["resume", "cancel"],
  Failure: ["resubmit"],
  Success: [],
};

/** Where the job goes to, or what it does. */
function subject(job: Job): string {
  const { Server, Description } = job.Content;
  return typeof Server === "string" ? Server : typeof Description === "string" ? Description : "";
}

function JobRow({ job, onChanged }: { readonly job: Job; readonly onChanged: () => void }): VNode {
  const [error, setError] = useState<string | undefined>(undefined);
  async function act(action: string): Promise<void> {
    setError(undefined);
    try {
      await post(`jobs/${job.ID}/${action}`, {});
    } catch (failure) {
      setError(messageOf(failure));
    }
    onChanged();
  }
  return (
    <tr>
      <td>{job.Type}</td>
      <td>
        <JobState job={job} />
      </td>
      <td>
        <progress max={100} value={job.Progress} aria-label="Progress" />
      </td>
      <td>{subject(job)}</td>
      <td>{job.CreationTime}</td>
      <td>
        {actions[job.State].map((action) => (
          <button type="button" key={action} class="quiet" onClick={() => void act(action)}>
            {action}
          </button>
        ))}
        {job.State === "Failure" && <p class="error">{jobError(job)}</p>}
        {error !== undefined && <p class="error">{error}</p>}
      </td>
    </tr>
  );
}

/** All jobs, the newest first. */
export function JobsPage(): VNode {
  const [jobs, reload] = useLoaded("jobs", (signal) => getJson<readonly Job[]>("jobs?expand", signal));
  useInterval(refreshEvery, useCallback(reload, [reload]));
  return (
    <>
      <h1>Jobs</h1>
      <Shown loaded={jobs}>
        {(found) =>
          found.length === 0 ? (
            <p class="notice">No job was submitted since the server started.</p>
          ) : (
            <table>
              <thead>
                <tr>
                  <th>Type</th>
                  <th>State</th>
                  <th>Progress</th>
                  <th>What</th>
                  <th>Created</th>
                  <th>Actions</th>
                </tr>
              </thead>
              <tbody>
                {found
                  .toSorted((a, b) => b.CreationTime.localeCompare(a.CreationTime))
                  .map((job) => (
                    <JobRow key={job.ID} job={job} onChanged={reload} />
                  ))}
              </tbody>
            </table>
          )
        }
      </Shown>
    </>
  );
}
