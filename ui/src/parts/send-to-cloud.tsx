import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../act.ts";
import { getJson, postJson } from "../api.ts";
import { useLoaded } from "../loaded.ts";
import { JobProgress } from "./job-progress.tsx";
import { Failure, Shown } from "./notices.tsx";

interface Sending {
  readonly id: string;
  readonly to: string;
}

/** Sends resources to a DICOMweb server (a cloud account) as a job, and shows the job. */
export function SendToCloud({ resources }: { readonly resources: readonly string[] }): VNode {
  const [servers] = useLoaded("servers", (signal) => getJson<readonly string[]>("dicom-web/servers", signal));
  return (
    <Shown loaded={servers}>
      {([first, ...others]) =>
        first === undefined ? (
          <span class="soft">No cloud account is configured.</span>
        ) : (
          <SendForm servers={[first, ...others]} resources={resources} />
        )
      }
    </Shown>
  );
}

function SendForm({
  servers,
  resources,
}: {
  readonly servers: readonly [string, ...string[]];
  readonly resources: readonly string[];
}): VNode {
  const [server, setServer] = useState(servers[0]);
  const [jobs, setJobs] = useState<readonly Sending[]>([]);
  const { busy, error, run } = useAct();

  async function send(): Promise<void> {
    const job = await postJson<{ readonly ID: string }>(`dicom-web/servers/${encodeURIComponent(server)}/stow`, {
      Resources: resources,
      Asynchronous: true,
    });
    setJobs((before) => [{ id: job.ID, to: server }, ...before]);
  }

  return (
    <>
      <label>
        Send to{" "}
        <select value={server} onChange={(event) => setServer(event.currentTarget.value)}>
          {servers.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <button type="button" disabled={busy || resources.length === 0} onClick={() => run(send)}>
        Send
      </button>
      {(jobs.length > 0 || error !== undefined) && (
        <div class="outcome">
          <Failure message={error} />
          {jobs.map(({ id, to }) => (
            <JobProgress key={id} id={id} title={`Sending to ${to}`} />
          ))}
        </div>
      )}
    </>
  );
}
