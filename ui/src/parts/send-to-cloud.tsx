import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { getJson, postJson } from "../api.ts";
import { messageOf, useLoaded } from "../loaded.ts";
import { JobProgress } from "./job-progress.tsx";

/** Sends resources to a DICOMweb server (a cloud account) as a job, and shows the job. */
export function SendToCloud({ resources }: { readonly resources: readonly string[] }): VNode {
  const [servers] = useLoaded("servers", (signal) => getJson<readonly string[]>("dicom-web/servers", signal));
  const [server, setServer] = useState<string | undefined>(undefined);
  const [jobs, setJobs] = useState<readonly { readonly id: string; readonly to: string }[]>([]);
  const [error, setError] = useState<string | undefined>(undefined);
  if (servers.state !== "ready") return <></>;
  const chosen = server ?? servers.value[0];
  if (chosen === undefined) return <p class="notice">No cloud account is configured.</p>;

  async function send(to: string): Promise<void> {
    setError(undefined);
    try {
      const job = await postJson<{ readonly ID: string }>(`dicom-web/servers/${encodeURIComponent(to)}/stow`, {
        Resources: resources,
        Asynchronous: true,
      });
      setJobs((before) => [{ id: job.ID, to }, ...before]);
    } catch (failure) {
      setError(messageOf(failure));
    }
  }

  return (
    <div class="send">
      <label>
        Send to{" "}
        <select value={chosen} onChange={(event) => setServer(event.currentTarget.value)}>
          {servers.value.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" disabled={resources.length === 0} onClick={() => void send(chosen)}>
        Send
      </button>
      {error !== undefined && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {jobs.map(({ id, to }) => (
        <JobProgress key={id} id={id} title={`Sending to ${to}`} />
      ))}
    </div>
  );
}
