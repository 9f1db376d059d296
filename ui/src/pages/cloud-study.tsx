import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../act.ts";
import { post, postJson } from "../api.ts";
import { date, personName } from "../format.ts";
import type { QidoAnswer } from "../model.ts";
import { JobProgress } from "../parts/job-progress.tsx";
import { Failure } from "../parts/notices.tsx";
import { address } from "../router.ts";

export interface CloudServer {
  readonly name: string;
  readonly canDelete: boolean;
}

/** The route of an operation of a DICOMweb server. */
export function serverPath(server: string, operation: string): string {
  return `dicom-web/servers/${encodeURIComponent(server)}/${operation}`;
}

/** The value of an attribute by its keyword; empty when there is none. */
export function valueOf(study: QidoAnswer, keyword: string): string {
  return Object.values(study).find(({ Name }) => Name === keyword)?.Value ?? "";
}

/** A study in the cloud; `stored` is its identifier on this server if it is there too. */
export function CloudStudyRow({
  server,
  study,
  stored,
  onChanged,
}: {
  readonly server: CloudServer;
  readonly study: QidoAnswer;
  readonly stored: string | undefined;
  readonly onChanged: () => void;
}): VNode {
  const [job, setJob] = useState<string | undefined>(undefined);
  const { busy, error, run } = useAct();
  const StudyInstanceUID = valueOf(study, "StudyInstanceUID");

  async function retrieve(): Promise<void> {
    const { ID } = await postJson<{ readonly ID: string }>(serverPath(server.name, "retrieve"), {
      Resources: [{ Study: StudyInstanceUID }],
      Asynchronous: true,
    });
    setJob(ID);
  }
  async function remove(): Promise<void> {
    if (!confirm(`Delete this study from the account ${server.name}? A copy on this server stays.`)) return;
    await post(serverPath(server.name, "delete"), { Level: "Study", StudyInstanceUID });
    onChanged();
  }

  return (
    <tr>
      <td>{personName(valueOf(study, "PatientName"))}</td>
      <td class="minor">{valueOf(study, "PatientID")}</td>
      <td class="date">{date(valueOf(study, "StudyDate"))}</td>
      <td class="minor">{valueOf(study, "AccessionNumber")}</td>
      <td class="minor uid">{StudyInstanceUID}</td>
      <td>{stored === undefined ? "no" : <a href={address(["study", stored])}>yes</a>}</td>
      <td>
        <div class="buttons">
          <button type="button" disabled={busy} onClick={() => run(retrieve)}>
            Retrieve
          </button>
          {server.canDelete && (
            <button type="button" class="danger" disabled={busy} onClick={() => run(remove)}>
              Delete
            </button>
          )}
        </div>
        {job !== undefined && <JobProgress key={job} id={job} title="Retrieving" onSuccess={onChanged} />}
        <Failure message={error} />
      </td>
    </tr>
  );
}
