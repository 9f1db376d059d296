import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../act.ts";
import { getJson, href, remove } from "../api.ts";
import { count, date, personName, size } from "../format.ts";
import { useLoaded } from "../loaded.ts";
import type { Instance, Series, Study } from "../model.ts";
import { Failure, Shown } from "../parts/notices.tsx";
import { SendToCloud } from "../parts/send-to-cloud.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { TagList } from "../parts/tag-list.tsx";
import { address } from "../router.ts";

const columns: readonly Column[] = [
  { title: "Number", kind: "number" },
  { title: "SOP Instance UID" },
  { title: "Size", kind: "number" },
  { title: "Files" },
];

function numberOf({ MainDicomTags: { InstanceNumber } }: Instance): number {
  return Number(InstanceNumber ?? 0);
}

function InstancesTable({ series }: { readonly series: string }): VNode {
  const [instances] = useLoaded(series, (signal) => getJson<readonly Instance[]>(`series/${series}/instances`, signal));
  return (
    <Shown loaded={instances}>
      {(found) => (
        <Table label="Instances" columns={columns}>
          {found
            .toSorted((a, b) => numberOf(a) - numberOf(b))
            .map(({ ID, MainDicomTags, FileSize }) => (
              <tr key={ID}>
                <td class="number">{MainDicomTags["InstanceNumber"]}</td>
                <td class="uid">{MainDicomTags["SOPInstanceUID"]}</td>
                <td class="number">{size(FileSize)}</td>
                <td>
                  <a href={href(`instances/${ID}/file`)} download={`${ID}.dcm`}>
                    DICOM
                  </a>{" "}
                  <a href={href(`instances/${ID}/tags?simplify`)} target="_blank" rel="noreferrer">
                    tags
                  </a>
                </td>
              </tr>
            ))}
        </Table>
      )}
    </Shown>
  );
}

function SeriesSection({ series }: { readonly series: Series }): VNode {
  const [open, setOpen] = useState(false);
  const { Modality, SeriesDescription, SeriesNumber } = series.MainDicomTags;
  return (
    <section class="series">
      <button type="button" class="row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="modality">{Modality ?? "?"}</span>
        <span>
          {SeriesNumber ?? ""} {SeriesDescription ?? "(no description)"}
        </span>
        <span class="number">{count(series.Instances.length, "instance")}</span>
      </button>
      {open && <InstancesTable series={series.ID} />}
    </section>
  );
}

function DeleteStudy({ id }: { readonly id: string }): VNode {
  const { busy, error, run } = useAct();
  async function confirmAndDelete(): Promise<void> {
    if (!confirm("Delete this study from the server? Copies in the cloud stay.")) return;
    await remove(`studies/${id}`);
    location.hash = address();
  }
  return (
    <>
      <button type="button" class="danger" disabled={busy} onClick={() => run(confirmAndDelete)}>
        Delete
      </button>
      <Failure message={error} />
    </>
  );
}

/** One study: its tags, its series with their instances, sending and deleting. */
export function StudyPage({ id }: { readonly id: string }): VNode {
  const [loaded] = useLoaded(id, async (signal) => {
    const path = `studies/${encodeURIComponent(id)}`;
    const [study, series] = await Promise.all([
      getJson<Study>(path, signal),
      getJson<readonly Series[]>(`${path}/series`, signal),
    ]);
    return { study, series };
  });
  return (
    <>
      <p class="crumbs">
        <a href={address()}>All studies</a>
      </p>
      <Shown loaded={loaded}>
        {({ study: { MainDicomTags: tags, PatientMainDicomTags: patient }, series }) => (
          <>
            <h1>
              {personName(patient["PatientName"])} <span class="soft">{date(tags["StudyDate"])}</span>
            </h1>
            <div class="actions">
              <SendToCloud resources={[id]} />
              <DeleteStudy id={id} />
            </div>
            <div class="columns">
              <TagList title="Patient" tags={patient} />
              <TagList title="Study" tags={tags} />
            </div>
            <h2>Series</h2>
            {series.map((one) => (
              <SeriesSection key={one.ID} series={one} />
            ))}
          </>
        )}
      </Shown>
    </>
  );
}
