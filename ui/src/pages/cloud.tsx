import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { getJson, post, postJson } from "../api.ts";
import { messageOf, useLoaded } from "../loaded.ts";
import { date, personName, type QidoAnswer } from "../model.ts";
import { JobProgress } from "../parts/job-progress.tsx";
import { Shown } from "../parts/notices.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { address } from "../router.ts";

/** What every DICOM store can search, Google's included. */
const fields = [
  { name: "PatientName", label: "Patient name" },
  { name: "PatientID", label: "Patient ID" },
  { name: "AccessionNumber", label: "Accession number" },
  { name: "StudyDate", label: "Date", hint: "20260101-20261231" },
] as const;

const pageSize = 100;

function server(account: string, act: string): string {
  return `dicom-web/servers/${encodeURIComponent(account)}/${act}`;
}

function value(study: QidoAnswer, tag: string): string {
  return study[tag]?.Value ?? "";
}

function CloudStudyRow({
  account,
  study,
  onDeleted,
}: {
  readonly account: string;
  readonly study: QidoAnswer;
  readonly onDeleted: () => void;
}): VNode {
  const [job, setJob] = useState<string | undefined>(undefined);
  const [error, setError] = useState<string | undefined>(undefined);
  const StudyInstanceUID = value(study, "0020000d") || value(study, "0020000D");

  async function attempt(act: () => Promise<void>): Promise<void> {
    setError(undefined);
    try {
      await act();
    } catch (failure) {
      setError(messageOf(failure));
    }
  }
  const retrieve = (): Promise<void> =>
    attempt(async () => {
      const { ID } = await postJson<{ readonly ID: string }>(server(account, "retrieve"), {
        Resources: [{ Study: StudyInstanceUID }],
        Asynchronous: true,
      });
      setJob(ID);
    });
  const remove = (): Promise<void> =>
    attempt(async () => {
      if (!confirm(`Delete this study from the account ${account}?`)) return;
      await post(server(account, "delete"), { Level: "Study", StudyInstanceUID });
      onDeleted();
    });

  return (
    <tr>
      <td>{personName(value(study, "00100010"))}</td>
      <td>{value(study, "00100020")}</td>
      <td>{date(value(study, "00080020"))}</td>
      <td>{value(study, "00080050")}</td>
      <td class="uid">{StudyInstanceUID}</td>
      <td>
        <button type="button" onClick={() => void retrieve()}>
          Retrieve
        </button>{" "}
        <button type="button" class="danger" onClick={() => void remove()}>
          Delete
        </button>
        {job !== undefined && <JobProgress id={job} title="Retrieving" />}
        {error !== undefined && <p class="error">{error}</p>}
      </td>
    </tr>
  );
}

function CloudStudies({ account }: { readonly account: string }): VNode {
  const [query, setQuery] = useState<Readonly<Record<string, string>>>({});
  const [studies, reload] = useLoaded(`${account} ${JSON.stringify(query)}`, (signal) =>
    postJson<readonly QidoAnswer[]>(
      server(account, "qido"),
      { Uri: "/studies", Arguments: { ...query, limit: String(pageSize) } },
      signal,
    ),
  );
  return (
    <>
      <SearchForm fields={fields} onSearch={setQuery} />
      <Shown loaded={studies}>
        {(found) =>
          found.length === 0 ? (
            <p class="notice">No study in this account matches.</p>
          ) : (
            <table>
              <thead>
                <tr>
                  <th>Patient</th>
                  <th>ID</th>
                  <th>Date</th>
                  <th>Accession</th>
                  <th>StudyInstanceUID</th>
                  <th>Actions</th>
                </tr>
              </thead>
              <tbody>
                {found.map((study) => (
                  <CloudStudyRow key={value(study, "0020000d")} account={account} study={study} onDeleted={reload} />
                ))}
              </tbody>
            </table>
          )
        }
      </Shown>
    </>
  );
}

/** Browses what a cloud account holds; studies can be retrieved and deleted there. */
export function CloudPage({ account }: { readonly account: string | undefined }): VNode {
  const [servers] = useLoaded("servers", (signal) => getJson<readonly string[]>("dicom-web/servers", signal));
  return (
    <>
      <h1>Cloud</h1>
      <Shown loaded={servers}>
        {(names) => {
          const chosen = account ?? names[0];
          if (chosen === undefined) return <p class="notice">No cloud account is configured.</p>;
          return (
            <>
              <nav class="tabs" aria-label="Accounts">
                {names.map((name) => (
                  <a key={name} href={address("cloud", name)} aria-current={name === chosen ? "page" : undefined}>
                    {name}
                  </a>
                ))}
              </nav>
              <CloudStudies key={chosen} account={chosen} />
            </>
          );
        }}
      </Shown>
    </>
  );
}
