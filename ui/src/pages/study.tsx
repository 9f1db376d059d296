import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { getJson, href, remove } from "../api.ts";
import { messageOf, useLoaded } from "../loaded.ts";
import { date, type Instance, personName, type Series, size, type Study } from "../model.ts";
import { Shown } from "../parts/notices.tsx";
import { SendToCloud } from "../parts/send-to-cloud.tsx";
import { TagList } from "../parts/tag-list.tsx";
import { address } from "../router.ts";

function InstancesTable({ series }: { readonly series: string }): VNode {
  const [instances] = useLoaded(series, (signal) => getJson<readonly Instance[]>(`series/${series}/instances`, signal));
  return (
    <Shown loaded={instances}>
      {(found) => (
        <table class="inner">
          <thead>
            <tr>
              <th class="number">Number</th>
              <th>SOPInstanceUID</th>
              <th class="number">Size</th>
              <th>Files</th>
            </tr>
          </thead>
          <tbody>
            {found
              .toSorted(
                (a, b) =>
                  Number(a.MainDicomTags["InstanceNumber"] ?? 0) - Number(b.MainDicomTags["InstanceNumber"] ?? 0),
              )
              .map((instance) => (
                <tr key={instance.ID}>
                  <td class="number">{instance.MainDicomTags["InstanceNumber"]}</td>
                  <td class="uid">{instance.MainDicomTags["SOPInstanceUID"]}</td>
                  <td class="number">{size(instance.FileSize)}</td>
                  <td>
                    <a href={href(`instances/${instance.ID}/file`)} download={`${instance.ID}.dcm`}>
                      DICOM
                    </a>{" "}
                    <a href={href(`instances/${instance.ID}/tags?simplify`)} target="_blank" rel="noreferrer">
                      tags
                    </a>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </Shown>
  );
}

function SeriesRow({ series }: { readonly series: Series }): VNode {
  const [open, setOpen] = useState(false);
  const { Modality, SeriesDescription, SeriesNumber } = series.MainDicomTags;
  return (
    <section class="series">
      <button type="button" class="row" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="modality">{Modality ?? "?"}</span>
        <span>
          {SeriesNumber ?? ""} {SeriesDescription ?? "(no description)"}
        </span>
        <span class="number">{series.Instances.length} instances</span>
      </button>
      {open && <InstancesTable series={series.ID} />}
    </section>
  );
}

function DeleteStudy({ id }: { readonly id: string }): VNode {
  const [error, setError] = useState<string | undefined>(undefined);
  async function confirmAndDelete(): Promise<void> {
    if (!confirm("Delete this study from the server? Copies in the cloud stay.")) return;
    try {
      await remove(`studies/${id}`);
      location.hash = address();
    } catch (failure) {
      setError(messageOf(failure));
    }
  }
  return (
    <>
      <button type="button" class="danger" onClick={() => void confirmAndDelete()}>
        Delete
      </button>
      {error !== undefined && <p class="error">{error}</p>}
    </>
  );
}

/** One study: its tags, its series with their instances, sending and deleting. */
export function StudyPage({ id }: { readonly id: string }): VNode {
  const [loaded] = useLoaded(id, async (signal) => ({
    study: await getJson<Study>(`studies/${id}`, signal),
    series: await getJson<readonly Series[]>(`studies/${id}/series`, signal),
  }));
  return (
    <Shown loaded={loaded}>
      {({ study, series }) => (
        <>
          <p class="crumbs">
            <a href={address()}>Studies</a> / {date(study.MainDicomTags["StudyDate"])}
          </p>
          <h1>{personName(study.PatientMainDicomTags["PatientName"])}</h1>
          <div class="actions">
            <SendToCloud resources={[id]} />
            <DeleteStudy id={id} />
          </div>
          <div class="columns">
            <TagList title="Patient" tags={study.PatientMainDicomTags} />
            <TagList title="Study" tags={study.MainDicomTags} />
          </div>
          <h2>Series</h2>
          {series.map((one) => (
            <SeriesRow key={one.ID} series={one} />
          ))}
        </>
      )}
    </Shown>
  );
}
