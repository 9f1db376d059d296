import type { VNode } from "preact";
import { getJson, postJson } from "../api.ts";
import { count } from "../format.ts";
import { useLoaded } from "../loaded.ts";
import type { QidoAnswer } from "../model.ts";
import { Shown } from "../parts/notices.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { address } from "../router.ts";
import { qidoArguments, type Search } from "../search.ts";
import { type CloudServer, CloudStudyRow, serverPath, valueOf } from "./cloud-study.tsx";

/** What every DICOM store can search, Google's included. */
const fields = [
  { name: "PatientName", label: "Patient name" },
  { name: "PatientID", label: "Patient ID" },
  { name: "AccessionNumber", label: "Accession number" },
  { name: "From", label: "From", type: "date" },
  { name: "To", label: "To", type: "date" },
] as const;

const columns: readonly Column[] = [
  { title: "Patient" },
  { title: "ID", kind: "minor" },
  { title: "Date" },
  { title: "Accession", kind: "minor" },
  { title: "Study Instance UID", kind: "minor" },
  { title: "Stored here" },
  { title: "Actions" },
];

const pageSize = 100;

interface CloudStudies {
  readonly studies: readonly QidoAnswer[];
  /** Identifiers of those that this server has too, by StudyInstanceUID. */
  readonly stored: ReadonlyMap<string, string>;
}

async function findStudies(server: string, search: Search, signal: AbortSignal): Promise<CloudStudies> {
  // One more than are shown, to know whether there are more.
  const query = { Uri: "/studies", Arguments: { ...qidoArguments(search), limit: String(pageSize + 1) } };
  const studies = await postJson<readonly QidoAnswer[]>(serverPath(server, "qido"), query, signal);
  return {
    studies,
    stored: await findStored(
      studies.map((study) => valueOf(study, "StudyInstanceUID")),
      signal,
    ),
  };
}

async function findStored(uids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  if (uids.length === 0) return new Map();
  const found = await postJson<readonly { readonly ID: string; readonly MainDicomTags: Search }[]>(
    "tools/find",
    { Level: "Study", Expand: true, Query: { StudyInstanceUID: uids.join("\\") } },
    signal,
  );
  return new Map(found.map(({ ID, MainDicomTags }) => [MainDicomTags["StudyInstanceUID"] ?? "", ID]));
}

function CloudStudiesTable({ server, search }: { readonly server: CloudServer; readonly search: Search }): VNode {
  const key = JSON.stringify(search);
  const [loaded, reload] = useLoaded(key, (signal) => findStudies(server.name, search, signal));
  return (
    <>
      <SearchForm
        fields={fields}
        search={search}
        onSearch={(next) => {
          if (JSON.stringify(next) === key) reload();
          else location.hash = address(["cloud", server.name], next);
        }}
      />
      <Shown loaded={loaded}>
        {({ studies, stored }) =>
          studies.length === 0 ? (
            <p class="notice">
              {key === "{}" ? "This account holds no studies yet." : "No study in this account matches."}
            </p>
          ) : (
            <>
              <Table label={`Studies in ${server.name}`} columns={columns}>
                {studies.slice(0, pageSize).map((study) => {
                  const uid = valueOf(study, "StudyInstanceUID");
                  return (
                    <CloudStudyRow
                      key={uid}
                      server={server}
                      study={study}
                      stored={stored.get(uid)}
                      onChanged={reload}
                    />
                  );
                })}
              </Table>
              {studies.length > pageSize && (
                <p class="notice">The first {count(pageSize, "result")} are shown: narrow the search.</p>
              )}
            </>
          )
        }
      </Shown>
    </>
  );
}

/** Browses what a cloud account holds; studies can be retrieved and deleted there. */
export function CloudPage({
  account,
  search,
}: {
  readonly account: string | undefined;
  readonly search: Search;
}): VNode {
  const [servers] = useLoaded("servers", (signal) =>
    getJson<Readonly<Record<string, { readonly HasDelete: string }>>>("dicom-web/servers?expand", signal),
  );
  return (
    <>
      <h1>Cloud</h1>
      <Shown loaded={servers}>
        {(definitions) => {
          const names = Object.keys(definitions);
          const name = account ?? names[0];
          if (name === undefined) return <p class="notice">No cloud account is configured.</p>;
          return (
            <>
              <nav class="tabs" aria-label="Accounts">
                {names.map((other) => (
                  <a key={other} href={address(["cloud", other])} aria-current={other === name ? "page" : undefined}>
                    {other}
                  </a>
                ))}
              </nav>
              <CloudStudiesTable
                key={name}
                server={{ name, canDelete: definitions[name]?.HasDelete === "1" }}
                search={search}
              />
            </>
          );
        }}
      </Shown>
    </>
  );
}
