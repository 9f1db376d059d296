import type { ComparedRequest } from "./compare.ts";
import type { Sample, SampleName, Samples } from "./samples.ts";

/** Reads a sample. */
export type FileReader = (name: SampleName) => Buffer;

const unknown = "00000000-00000000-00000000-00000000-00000000";

const gets = (...targets: readonly string[]): ComparedRequest[] => targets.map((path) => ({ target: `GET ${path}` }));

/** What both servers are asked, in this order. What they hold is changed at the end only. */
export function comparedRequests(samples: Samples, file: FileReader): readonly ComparedRequest[] {
  return [
    ...gets("/system", "/statistics", "/tools", "/exports", "/jobs", "/changes?limit=5", "/changes?since=5&limit=3"),
    ...gets("/changes?last", "/plugins/dicom-web"),
    ...listRequests(samples),
    ...resourceRequests(samples),
    ...Object.values(samples).flatMap(instanceRequests),
    ...findRequests(samples),
    ...errorRequests(samples),
    ...qidoRequests(samples),
    ...wadoRequests(samples),
    ...writingRequests(samples, file),
    ...removingRequests(samples),
  ];
}

function listRequests({ ct }: Samples): readonly ComparedRequest[] {
  return gets(
    "/patients",
    "/studies",
    "/series",
    "/instances",
    "/patients?expand",
    "/studies?expand",
    "/series?expand",
    "/instances?expand",
    "/studies?expand&short",
    "/series?expand&full",
    `/patients/${ct.patient}/studies`,
    `/patients/${ct.patient}/instances`,
    `/studies/${ct.study}/series`,
    `/studies/${ct.study}/instances`,
    `/series/${ct.series}/instances`,
    `/series/${ct.series}/study`,
    `/instances/${ct.instance}/series`,
    `/instances/${ct.instance}/study`,
    `/instances/${ct.instance}/patient`,
  );
}

function resourceRequests({ slice1, siemens, ct }: Samples): readonly ComparedRequest[] {
  return gets(
    `/patients/${slice1.patient}`,
    `/patients/${slice1.patient}/protected`,
    `/patients/${slice1.patient}/module`,
    `/patients/${slice1.patient}/statistics`,
    `/patients/${slice1.patient}/shared-tags`,
    `/studies/${slice1.study}?full`,
    `/studies/${slice1.study}?short`,
    `/studies/${slice1.study}?requestedTags=ModalitiesInStudy;NumberOfStudyRelatedInstances`,
    `/studies/${slice1.study}/module`,
    `/studies/${slice1.study}/module-patient?simplify`,
    `/studies/${slice1.study}/statistics`,
    `/studies/${slice1.study}/shared-tags?simplify`,
    `/studies/${slice1.study}/instances-tags?short`,
    `/studies/${slice1.study}/metadata`,
    `/series/${slice1.series}/module`,
    `/series/${slice1.series}/shared-tags?short`,
    `/series/${slice1.series}/statistics`,
    `/instances/${slice1.instance}/module`,
    `/instances/${slice1.instance}/statistics`,
    `/instances/${ct.instance}/content`,
    `/instances/${ct.instance}/content/0010-0010`,
    `/instances/${ct.instance}/content/PatientName`,
    `/instances/${ct.instance}/content/7fe0-0010`,
    `/instances/${ct.instance}/content/7fe0-0010/0`,
    `/instances/${ct.instance}/content/0010-9999`,
    `/instances/${ct.instance}/attachments`,
    `/instances/${ct.instance}/attachments/dicom`,
    `/instances/${ct.instance}/attachments/dicom/size`,
    `/instances/${ct.instance}/attachments/dicom/md5`,
    `/instances/${ct.instance}/attachments/dicom/compressed-size`,
    `/instances/${ct.instance}/attachments/dicom/is-compressed`,
    `/instances/${ct.instance}/attachments/dicom/data`,
    `/instances/${ct.instance}/frames`,
    `/instances/${ct.instance}/tags?ignore-length=PatientName`,
    `/instances/${siemens.instance}/tags?short`,
  );
}

function instanceRequests({ instance }: Sample): readonly ComparedRequest[] {
  return gets(
    `/instances/${instance}/tags`,
    `/instances/${instance}/simplified-tags`,
    `/instances/${instance}/header`,
    `/instances/${instance}/metadata?expand`,
    `/instances/${instance}/file`,
  );
}

function findRequests({ ct, french, slice1 }: Samples): readonly ComparedRequest[] {
  const searches: readonly object[] = [
    { Level: "Patient", Query: {} },
    { Level: "Study", Query: { PatientName: "*" } },
    { Level: "Study", Query: { PatientName: "compressed*" } },
    { Level: "Study", Query: { PatientName: "buc^j*" } },
    { Level: "Study", Query: { PatientName: "BUC^JÉRÔME" } },
    { Level: "Study", Query: { PatientName: "Buc^Jérôme" }, CaseSensitive: true },
    { Level: "Study", Query: { PatientID: "1CT1\\123456" } },
    { Level: "Study", Query: { StudyDate: "20040101-20061231" } },
    { Level: "Study", Query: { StudyDate: "-20041231" } },
    { Level: "Study", Query: { ModalitiesInStudy: "CT\\MR" } },
    { Level: "Study", Query: { StudyInstanceUID: ct.uids.StudyInstanceUID }, Expand: true },
    { Level: "Series", Query: { Modality: "CT" } },
    { Level: "Series", Query: { Modality: "c?" }, Expand: true },
    { Level: "Instance", Query: { SOPInstanceUID: french.uids.SOPInstanceUID } },
    { Level: "Instance", Query: { PhotometricInterpretation: "RGB" } },
    { Level: "Instance", Query: { Rows: "128" } },
    { Level: "Instance", Query: { SeriesInstanceUID: slice1.uids.SeriesInstanceUID }, Expand: true },
    { Level: "Galaxy", Query: {} },
    { Level: "Study", Query: { PatientID: 5 } },
    { Level: "Study", Query: { StudyDate: "2004*" } },
    { Level: "Study", Query: { NoSuchTag: "5" } },
    { Query: {} },
  ];
  const { PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = { PatientID: "1CT1", ...ct.uids };
  return [
    ...searches.map((body) => ({ target: "POST /tools/find", body })),
    ...[PatientID, StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID, "nothing"].map((body) => ({
      target: "POST /tools/lookup",
      body,
    })),
  ];
}

function errorRequests({ ct }: Samples): readonly ComparedRequest[] {
  return [
    ...gets("/no/such/route", `/studies/${unknown}`, `/instances/${unknown}/tags`, `/instances/${unknown}/file`),
    ...gets(
      `/patients/${unknown}/protected`,
      `/studies/${unknown}/metadata`,
      `/instances/${ct.instance}/metadata/Nope`,
    ),
    ...gets(
      `/instances/${ct.instance}/metadata/ModifiedFrom`,
      `/jobs/nothing`,
      "/studies?since=1",
      "/studies?limit=x&since=0",
    ),
    ...gets("/tools/generate-uid", "/tools/generate-uid?level=galaxy", "/changes?since=x", "/system/../system"),
    { target: "POST /system" },
    { target: "DELETE /instances" },
    { target: `PUT /instances/${ct.instance}`, body: "x" },
    { target: `PUT /instances/${ct.instance}/metadata/Origin`, body: "x" },
    { target: `DELETE /instances/${ct.instance}/attachments/dicom` },
    { target: `DELETE /studies/${unknown}` },
    { target: "DELETE /jobs/nothing" },
    { target: "POST /jobs/nothing/cancel" },
    { target: "POST /instances", body: "no DICOM" },
    { target: "POST /instances" },
    { target: "POST /tools/find", body: "no JSON" },
    { target: "POST /tools/bulk-delete", body: {} },
    { target: "GET /studies", headers: { accept: "application/xml" } },
    { target: `GET /studies/${ct.study}`, headers: { accept: "application/xml" } },
    { target: "PATCH /system" },
  ];
}

function qidoRequests({ ct, slice1, jpeg }: Samples): readonly ComparedRequest[] {
  const { StudyInstanceUID, SeriesInstanceUID } = slice1.uids;
  return gets(
    "/dicom-web/studies",
    "/dicom-web/series",
    "/dicom-web/instances",
    "/dicom-web/studies?PatientName=compressed*",
    "/dicom-web/studies?00100020=1CT1",
    "/dicom-web/studies?PatientID=1CT1%2C123456",
    "/dicom-web/studies?StudyDate=20040101-20061231",
    "/dicom-web/studies?ModalitiesInStudy=CT",
    "/dicom-web/studies?PatientName=nobody",
    `/dicom-web/studies?StudyInstanceUID=${ct.uids.StudyInstanceUID}&includefield=StudyDescription,00081048`,
    `/dicom-web/studies/${StudyInstanceUID}/series`,
    `/dicom-web/studies/${StudyInstanceUID}/instances`,
    `/dicom-web/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances?InstanceNumber=2`,
    `/dicom-web/instances?SOPInstanceUID=${jpeg.uids.SOPInstanceUID}&includefield=00280004`,
    "/dicom-web/studies?fuzzymatching=maybe",
    "/dicom-web/studies/1.2.3/series",
  );
}

const instanceUrl = ({ uids }: Sample): string =>
  `/dicom-web/studies/${uids.StudyInstanceUID}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`;

function wadoRequests(samples: Samples): readonly ComparedRequest[] {
  const { ct, slice1, rle, jpeg, report, french } = samples;
  const asStored = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = ct.uids;
  return [
    ...[ct, rle, jpeg, report, french].map((sample) => ({ target: `GET ${instanceUrl(sample)}/metadata` })),
    { target: `GET /dicom-web/studies/${slice1.uids.StudyInstanceUID}/metadata` },
    { target: `GET /dicom-web/studies/${slice1.uids.StudyInstanceUID}`, headers: asStored },
    { target: `GET ${instanceUrl(jpeg)}`, headers: asStored },
    { target: `GET ${instanceUrl(ct)}` },
    { target: `GET ${instanceUrl(ct)}`, headers: { accept: "image/png" } },
    { target: `GET ${instanceUrl(ct)}/frames/1` },
    { target: `GET ${instanceUrl(ct)}/frames/0` },
    { target: `GET ${instanceUrl(ct)}/bulk/7fe00010` },
    { target: `GET ${instanceUrl(ct)}/bulk/00100010` },
    { target: `GET ${instanceUrl(ct)}/bulk/00109999` },
    { target: "GET /dicom-web/studies/1.2.3" },
    { target: "GET /dicom-web/studies/1.2.3/metadata" },
    ...gets(
      `/wado?requestType=WADO&objectUID=${SOPInstanceUID}&contentType=application/dicom`,
      `/wado?requestType=WADO&studyUID=${StudyInstanceUID}&seriesUID=${SeriesInstanceUID}&objectUID=${SOPInstanceUID}&contentType=application/dicom`,
      `/wado?requestType=WADO&studyUID=1.2.3&objectUID=${SOPInstanceUID}&contentType=application/dicom`,
      "/wado?requestType=WADO&objectUID=1.2.3&contentType=application/dicom",
      "/wado?requestType=OTHER",
      "/dicom-web/servers",
      "/dicom-web/servers/nothing",
    ),
    { target: "POST /dicom-web/studies", body: "x", headers: { "content-type": "text/plain" } },
    { target: "DELETE /dicom-web/studies" },
  ];
}

/** A body of STOW-RS with the boundary `x`. */
function multipart(files: readonly Buffer[]): Buffer {
  const parts = files.flatMap((file) => [
    Buffer.from("--x\r\nContent-Type: application/dicom\r\n\r\n"),
    file,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...parts, Buffer.from("--x--\r\n")]);
}

function writingRequests({ ct, french }: Samples, file: FileReader): readonly ComparedRequest[] {
  const related = { "content-type": 'multipart/related; type="application/dicom"; boundary=x' };
  const stow = (path: string, ...files: readonly Buffer[]): ComparedRequest => ({
    target: `POST /dicom-web/studies${path}`,
    headers: related,
    body: multipart(files),
  });
  const metadata = `/studies/${ct.study}/metadata/1024`;
  const attachment = `/studies/${ct.study}/attachments/1024`;
  return [
    { target: "POST /instances", body: file("ct") },
    { target: "POST /instances", body: file("ct").subarray(0, 500) },
    stow("", file("ct"), file("plan")),
    stow("/1.2.3", file("ct")),
    stow("", Buffer.from("no DICOM"), file("ct")),
    stow("", Buffer.from("no DICOM")),
    { target: `PUT ${metadata}`, body: "note" },
    ...gets(metadata, `/studies/${ct.study}/metadata`),
    { target: `DELETE ${metadata}` },
    { target: `DELETE ${metadata}` },
    { target: `PUT ${attachment}`, body: "paper" },
    ...gets(
      `${attachment}/data`,
      `${attachment}/info`,
      `/studies/${ct.study}/attachments`,
      `/studies/${ct.study}/statistics`,
    ),
    { target: `DELETE ${attachment}` },
    { target: `PUT /patients/${french.patient}/protected`, body: "1" },
    ...gets(`/patients/${french.patient}/protected`),
    { target: `PUT /patients/${french.patient}/protected`, body: "perhaps" },
    { target: `POST /instances/${ct.instance}/attachments/dicom/verify-md5` },
    { target: `POST /instances/${ct.instance}/attachments/dicom/compress` },
    ...gets(
      `/instances/${ct.instance}/attachments/dicom/is-compressed`,
      `/instances/${ct.instance}/attachments/dicom/compressed-size`,
      `/instances/${ct.instance}/file`,
    ),
    ...gets("/changes?since=20&limit=100"),
  ];
}

function removingRequests({ slice1, slice2, slice3, ct, plan }: Samples): readonly ComparedRequest[] {
  return [
    { target: `DELETE /instances/${slice1.instance}` },
    { target: `DELETE /instances/${slice1.instance}` },
    { target: `DELETE /series/${slice2.series}` },
    { target: `DELETE /studies/${slice3.study}` },
    { target: "POST /tools/bulk-delete", body: { Resources: [ct.patient, plan.study, unknown] } },
    ...gets("/statistics", "/studies", "/changes?last", "/changes?limit=2"),
    { target: "DELETE /changes" },
    ...gets("/changes"),
  ];
}
