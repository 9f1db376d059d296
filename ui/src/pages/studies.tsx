import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { postJson } from "../api.ts";
import { useLoaded } from "../loaded.ts";
import { date, personName, type Study } from "../model.ts";
import { Shown } from "../parts/notices.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { SendToCloud } from "../parts/send-to-cloud.tsx";
import { uploadedEvent } from "../parts/upload.tsx";
import { address } from "../router.ts";

const pageSize = 100;

const fields = [
  { name: "PatientName", label: "Patient name", hint: "DOE*" },
  { name: "PatientID", label: "Patient ID" },
  { name: "AccessionNumber", label: "Accession number" },
  { name: "StudyDescription", label: "Description" },
  { name: "StudyDate", label: "Date", hint: "20260101-20261231" },
  { name: "ModalitiesInStudy", label: "Modality", hint: "CT" },
] as const;

/** Names and descriptions are searched anywhere in the text unless the user wrote wildcards. */
export function withWildcards(query: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const free = new Set(["PatientName", "PatientID", "AccessionNumber", "StudyDescription"]);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, free.has(name) && !/[*?]/.test(value) ? `*${value}*` : value]),
  );
}

function findStudies(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<readonly Study[]> {
  return postJson(
    "tools/find",
    {
      Level: "Study",
      Expand: true,
      Limit: pageSize + 1,
      Query: withWildcards(query),
      RequestedTags: ["ModalitiesInStudy", "NumberOfStudyRelatedInstances"],
      OrderBy: [{ Type: "DicomTag", Key: "StudyDate", Direction: "DESC" }],
    },
    signal,
  );
}

function StudyRow({
  study,
  selected,
  onSelect,
}: {
  readonly study: Study;
  readonly selected: boolean;
  readonly onSelect: (selected: boolean) => void;
}): VNode {
  const { PatientMainDicomTags: patient, MainDicomTags: tags, RequestedTags: requested } = study;
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Select the study of ${personName(patient["PatientName"])}`}
          checked={selected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      </td>
      <td>
        <a href={address("study", study.ID)}>{personName(patient["PatientName"])}</a>
      </td>
      <td>{patient["PatientID"]}</td>
      <td>{date(tags["StudyDate"])}</td>
      <td>{requested?.["ModalitiesInStudy"]?.replaceAll("\\", ", ")}</td>
      <td>{tags["StudyDescription"]}</td>
      <td>{tags["AccessionNumber"]}</td>
      <td class="number">{study.Series.length}</td>
      <td class="number">{requested?.["NumberOfStudyRelatedInstances"]}</td>
    </tr>
  );
}

function StudiesTable({ studies }: { readonly studies: readonly Study[] }): VNode {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  if (studies.length === 0) {
    return <p class="notice">No study matches. Drop DICOM files anywhere on this page to store them.</p>;
  }
  const shown = studies.slice(0, pageSize);
  return (
    <>
      {selected.size > 0 && <SendToCloud resources={[...selected]} />}
      <table>
        <thead>
          <tr>
            <th>
              <span class="hidden">Selected</span>
            </th>
            <th>Patient</th>
            <th>ID</th>
            <th>Date</th>
            <th>Modalities</th>
            <th>Description</th>
            <th>Accession</th>
            <th class="number">Series</th>
            <th class="number">Instances</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((study) => (
            <StudyRow
              key={study.ID}
              study={study}
              selected={selected.has(study.ID)}
              onSelect={(on) => {
                const next = new Set(selected);
                if (on) next.add(study.ID);
                else next.delete(study.ID);
                setSelected(next);
              }}
            />
          ))}
        </tbody>
      </table>
      {studies.length > pageSize && <p class="notice">The first {pageSize} studies are shown: narrow the search.</p>}
    </>
  );
}

/** All stored studies with search; chosen ones can be sent to a cloud account. */
export function StudiesPage(): VNode {
  const [query, setQuery] = useState<Readonly<Record<string, string>>>({});
  const [studies, reload] = useLoaded(JSON.stringify(query), (signal) => findStudies(query, signal));
  useEffect(() => {
    addEventListener(uploadedEvent, reload);
    return () => removeEventListener(uploadedEvent, reload);
  }, [reload]);
  return (
    <>
      <h1>Studies</h1>
      <SearchForm fields={fields} onSearch={setQuery} />
      <Shown loaded={studies}>{(found) => <StudiesTable studies={found} />}</Shown>
    </>
  );
}
