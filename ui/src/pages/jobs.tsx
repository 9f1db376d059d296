import type { VNode } from "preact";
import { useAct } from "../act.ts";
import { getJson, post } from "../api.ts";
import { moment } from "../format.ts";
import { useLoaded, useReloading } from "../loaded.ts";
import type { Job } from "../model.ts";
import { jobError, JobState } from "../parts/job-progress.tsx";
import { Failure, Shown } from "../parts/notices.tsx";
import { type Column, Table } from "../parts/table.tsx";

const refreshEvery = 1000;

const columns: readonly Column[] = [
  { title: "Job" },
  { title: "State" },
  { title: "Progress", kind: "minor" },
  { title: "Instances", kind: "minor number" },
  { title: "Created" },
  { title: "Actions" },
];

/** Which actions make sense in which state. */
const actions: Readonly<Record<Job["State"], readonly string[]>> = {
  Pending: ["pause", "cancel"],
  Running: ["pause", "cancel"],
  Retry: ["pause", "cancel"],
  Paused: ["resume", "cancel"],
  Failure: ["resubmit"],
  Success: [],
};

/** What jobs do, in words; others are shown by their type. */
const verbs: Readonly<Record<string, string>> = {
  DicomWebStowClient: "Send to",
  DicomWebWadoRetrieveClient: "Retrieve from",
};

function title({ Type, Content: { Server } }: Job): string {
  const server = typeof Server === "string" ? Server : "";
  return `${verbs[Type] ?? Type} ${server}`.trim();
}

/** How many instances were moved, as far as the job tells. */
function instancesOf({ Content }: Job): string {
  const { InstancesCount, ReceivedInstancesCount } = Content;
  const told = ReceivedInstancesCount ?? InstancesCount;
  return typeof told === "string" || typeof told === "number" ? String(told) : "";
}

function JobRow({ job, onChanged }: { readonly job: Job; readonly onChanged: () => void }): VNode {
  const { busy, error, run } = useAct();
  const act = (action: string): void => run(() => post(`jobs/${job.ID}/${action}`, {}).finally(onChanged));
  return (
    <tr>
      <td title={job.Type}>{title(job)}</td>
      <td>
        <JobState job={job} />
      </td>
      <td class="minor">
        <progress max={100} value={job.Progress} aria-label="Progress" />
      </td>
      <td class="minor number">{instancesOf(job)}</td>
      <td>{moment(job.CreationTime)}</td>
      <td>
        <div class="buttons">
          {actions[job.State].map((action) => (
            <button type="button" key={action} class="quiet" disabled={busy} onClick={() => act(action)}>
              {action}
            </button>
          ))}
        </div>
        <Failure message={jobError(job)} />
        <Failure message={error} />
      </td>
    </tr>
  );
}

/** All jobs, the newest first. */
export function JobsPage(): VNode {
  const [jobs, reload] = useLoaded("jobs", (signal) => getJson<readonly Job[]>("jobs?expand", signal));
  useReloading(jobs, reload, refreshEvery);
  return (
    <>
      <h1>Jobs</h1>
      <Shown loaded={jobs}>
        {(found) =>
          found.length === 0 ? (
            <p class="notice">No jobs yet: they appear here when studies are sent or retrieved.</p>
          ) : (
            <Table label="Jobs" columns={columns}>
              {found
                .toSorted((a, b) => b.CreationTime.localeCompare(a.CreationTime))
                .map((job) => (
                  <JobRow key={job.ID} job={job} onChanged={reload} />
                ))}
            </Table>
          )
        }
      </Shown>
    </>
  );
}
