import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { postJson } from "../api.ts";
import { count, date, personName } from "../format.ts";
import { useLoaded } from "../loaded.ts";
import type { Study } from "../model.ts";
import { Shown } from "../parts/notices.tsx";
import { SearchForm } from "../parts/search-form.tsx";
import { SendToCloud } from "../parts/send-to-cloud.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { address } from "../router.ts";
import { findQuery, type Search } from "../search.ts";
import { uploadedEvent } from "../upload-queue.ts";

const pageSize = 100;

const fields = [
  { name: "PatientName", label: "Patient name", hint: "Doe*" },
  { name: "PatientID", label: "Patient ID" },
  { name: "AccessionNumber", label: "Accession number" },
  { name: "StudyDescription", label: "Description" },
  { name: "From", label: "From", type: "date" },
  { name: "To", label: "To", type: "date" },
  { name: "ModalitiesInStudy", label: "Modality", hint: "CT" },
] as const;

const columns: readonly Column[] = [
  { title: "Select" },
  { title: "Patient" },
  { title: "ID", kind: "minor" },
  { title: "Date" },
  { title: "Modalities" },
  { title: "Description", kind: "minor" },
  { title: "Accession", kind: "minor" },
  { title: "Series", kind: "minor number" },
  { title: "Instances", kind: "number" },
];

/** One more than are shown, to know whether there are more. */
function findStudies(search: Search, signal: AbortSignal): Promise<readonly Study[]> {
  return postJson(
    "tools/find",
    {
      Level: "Study",
      Expand: true,
      Limit: pageSize + 1,
      Query: findQuery(search),
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
  const name = personName(patient["PatientName"]);
  return (
    <tr>
      <td>
        <input
          type="checkbox"
          aria-label={`Select the study of ${name}`}
          checked={selected}
          onChange={(event) => onSelect(event.currentTarget.checked)}
        />
      </td>
      <td>
        <a href={address(["study", study.ID])}>{name}</a>
      </td>
      <td class="minor">{patient["PatientID"]}</td>
      <td class="date">{date(tags["StudyDate"])}</td>
      <td>{requested?.["ModalitiesInStudy"]?.replaceAll("\\", ", ")}</td>
      <td class="minor">{tags["StudyDescription"]}</td>
      <td class="minor">{tags["AccessionNumber"]}</td>
      <td class="minor number">{study.Series.length}</td>
      <td class="number">{requested?.["NumberOfStudyRelatedInstances"]}</td>
    </tr>
  );
}

function StudiesTable({ studies }: { readonly studies: readonly Study[] }): VNode {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const shown = studies.slice(0, pageSize);
  const chosen = shown.map(({ ID }) => ID).filter((id) => selected.has(id));
  const select = (id: string, on: boolean): void =>
    setSelected(on ? new Set([...selected, id]) : new Set([...selected].filter((other) => other !== id)));
  return (
    <>
      <div class="actions">
        <span class="soft">{chosen.length === 0 ? "Select studies to send them" : `${chosen.length} selected`}</span>
        <SendToCloud resources={chosen} />
      </div>
      <Table label="Studies" columns={columns}>
        {shown.map((study) => (
          <StudyRow
            key={study.ID}
            study={study}
            selected={selected.has(study.ID)}
            onSelect={(on) => select(study.ID, on)}
          />
        ))}
      </Table>
      {studies.length > pageSize && (
        <p class="notice">The first {count(pageSize, "result")} are shown: narrow the search.</p>
      )}
    </>
  );
}

/** All stored studies with search; chosen ones can be sent to a cloud account. */
export function StudiesPage({ search }: { readonly search: Search }): VNode {
  const key = JSON.stringify(search);
  const [studies, reload] = useLoaded(key, (signal) => findStudies(search, signal));
  useEffect(() => {
    addEventListener(uploadedEvent, reload);
    return () => removeEventListener(uploadedEvent, reload);
  }, [reload]);
  return (
    <>
      <h1>Studies</h1>
      <SearchForm
        fields={fields}
        search={search}
        onSearch={(next) => {
          if (JSON.stringify(next) === key) reload();
          else location.hash = address([], next);
        }}
      />
      <Shown loaded={studies}>
        {(found) =>
          found.length > 0 ? (
            <StudiesTable studies={found} />
          ) : (
            <p class="notice">
              {key === "{}" ? "Nothing is stored yet." : "No study matches."} Drop DICOM files, folders or ZIP archives
              anywhere on this page to store them, or choose them with the button above.
            </p>
          )
        }
      </Shown>
    </>
  );
}
