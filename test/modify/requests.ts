import type { SampleName, Samples } from "./samples.ts";
import { writePng } from "./png-writer.ts";

/** A request that makes instances, or is refused. */
export interface ModifyRequest {
  /** `METHOD /path`. */
  readonly target: string;
  readonly body: unknown;
}

const version = { DicomVersion: "2021b" };
const allUids = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"];

const file = (samples: Samples, name: SampleName, body: unknown, kind: "modify" | "anonymize" = "modify") => ({
  target: `POST /instances/${samples[name].instance}/${kind}`,
  body,
});

/** What both servers are asked, by what is compared in the answers. */
export function instanceRequests(samples: Samples): readonly ModifyRequest[] {
  const everything = Object.keys(samples) as SampleName[];
  const path = "ReferencedImageSequence";
  const modifications: readonly object[] = [
    { Remove: ["AccessionNumber", `${path}[0].PatientName`, "0040,0275", "ReferencedStudySequence[*].00081155"] },
    { Replace: { [`${path}[0].PatientName`]: "New", [`${path}[5].PatientName`]: "x", [`${path}[*].StudyDate`]: "y" } },
    { Replace: { "SourceImageSequence[0].ReferencedSOPInstanceUID": "1.1" } },
    { Replace: { [`${path}[0].RequestAttributesSequence[1].PatientName`]: "New" } },
    { Replace: { [path]: [{ ReferencedSOPInstanceUID: "1.9" }], RequestAttributesSequence: [] } },
    { Replace: { PatientWeight: "70.5", Rows: "12", ImageType: String.raw`A\B`, RescaleSlope: "1.5" } },
    { Replace: { StudyDescription: null, PatientComments: "", PatientSize: "1.8" } },
    { Replace: { "0011,0010": "HELLO" } },
    { Replace: { PatientName: "Jérôme^Müller" } },
    { Replace: { SpecificCharacterSet: "ISO_IR 192", PatientName: "日本" } },
    { Replace: { PatientName: "" }, Remove: ["PatientName"] },
    { Keep: ["PatientName"], Remove: ["PatientName"] },
    { Remove: ["SOPClassUID"] },
    { Replace: { SOPClassUID: "1.2.3", FrameOfReferenceUID: "5.5" } },
    { Replace: { "0002,0016": "AET", "0010,0000": "5" } },
    { RemovePrivateTags: true },
    { RemovePrivateTags: true, Keep: ["0009,1001"] },
    { RemovePrivateTags: true, Keep: ["0009,0010"] },
    { Replace: { PatientComments: "data:application/octet-stream;base64,aGVsbG8=" } },
    { Replace: { EncapsulatedDocument: "data:application/pdf;base64,JVBERi0=" } },
    { Replace: { PatientID: "X" }, Force: true },
    { Replace: { StudyInstanceUID: "9.9" }, Force: true },
    { Replace: { SeriesInstanceUID: "9.9" }, Force: true },
    { Replace: { SOPInstanceUID: "9.9" }, Force: true },
    { Replace: { PatientID: "X" }, Keep: ["StudyInstanceUID", "SOPInstanceUID"], Force: true },
  ];
  const anonymizations: readonly object[] = [
    version,
    { DicomVersion: "2008" },
    { DicomVersion: "2017c" },
    { ...version, KeepPrivateTags: true },
    { ...version, Keep: [`${path}[0].PatientBirthDate`, "RequestAttributesSequence", "0009,1001", "StudyDate"] },
    { ...version, Keep: ["SeriesInstanceUID"], Force: true },
    { ...version, Replace: { PatientName: "X", StudyInstanceUID: "7.7", SOPInstanceUID: "7.9" }, Force: true },
    {
      ...version,
      Replace: { InstitutionName: "X", [`${path}[0].InstitutionName`]: "Y", DeidentificationMethod: "me" },
    },
    { ...version, Remove: ["Modality", `${path}[1].CodeValue`] },
  ];
  return [
    ...modifications.map((body) => file(samples, "probe", body)),
    ...anonymizations.map((body) => file(samples, "probe", body, "anonymize")),
    ...everything.map((name) => file(samples, name, { Replace: { PatientName: "New^Name", Rows: "7" } })),
    ...everything.map((name) => file(samples, name, version, "anonymize")),
  ];
}

/** Those that make resources, by jobs. */
export function jobRequests(samples: Samples): readonly ModifyRequest[] {
  const { phantom, secondPhantom, thirdPhantom, radiotherapy, segmentation, report, probe } = samples;
  const force = { Force: true };
  const study = (body: object) => ({ target: `POST /studies/${phantom.study}/modify`, body });
  return [
    {
      target: `POST /patients/${phantom.patient}/modify`,
      body: { Replace: { PatientID: "z", PatientName: "Z" }, ...force },
    },
    study({ Replace: { StudyDescription: "x" } }),
    study({}),
    study({ Keep: ["SOPInstanceUID"], ...force }),
    study({ Replace: { StudyInstanceUID: "1.2.77" }, ...force }),
    { target: `POST /patients/${secondPhantom.patient}/anonymize`, body: { ...version, Keep: ["PatientSex"] } },
    { target: `POST /studies/${phantom.study}/anonymize`, body: version },
    { target: `POST /studies/${radiotherapy.study}/anonymize`, body: version },
    { target: `POST /studies/${segmentation.study}/anonymize`, body: version },
    { target: `POST /studies/${segmentation.study}/modify`, body: { Replace: { StudyDescription: "x" } } },
    { target: "POST /tools/bulk-anonymize", body: { Resources: [phantom.study, report.study], ...version } },
    {
      target: "POST /tools/bulk-modify",
      body: { Resources: [thirdPhantom.instance], Replace: { StudyDescription: "x" } },
    },
    {
      target: "POST /tools/bulk-modify",
      body: { Resources: [phantom.instance, report.series], Level: "Study", Replace: { StudyDescription: "x" } },
    },
    { target: `POST /series/${secondPhantom.series}/modify`, body: { Replace: { SeriesDescription: "x" } } },
    {
      target: `POST /studies/${phantom.study}/split`,
      body: {
        Instances: [phantom.instance],
        Replace: { PatientName: "SPLIT", StudyDescription: "d2" },
        Remove: ["AccessionNumber"],
        KeepSource: true,
      },
    },
    { target: `POST /studies/${phantom.study}/split`, body: { Series: [phantom.series], Remove: ["PatientID"] } },
    { target: `POST /studies/${phantom.study}/merge`, body: { Resources: [report.study], KeepSource: true } },
    { target: `POST /studies/${phantom.study}/merge`, body: { Resources: [probe.series] } },
  ];
}

function uri(mediaType: string, bytes: Buffer): string {
  return `data:${mediaType};base64,${bytes.toString("base64")}`;
}

const numbers = (count: number, greatest: number): number[] =>
  Array.from({ length: count }, (_, at) => (at * 7919 + ((at * at) % 97) * 31) % (greatest + 1));

/** PNG of the kinds that Orthanc reads. */
function pngs(): readonly Buffer[] {
  const size = { width: 13, height: 11 };
  const kinds = [
    { colourType: 0, depth: 8, samples: numbers(143, 255) },
    { colourType: 0, depth: 16, samples: numbers(143, 65535) },
    { colourType: 2, depth: 8, samples: numbers(143 * 3, 255) },
    { colourType: 6, depth: 8, samples: numbers(143 * 4, 255) },
  ] as const;
  return [false, true].flatMap((interlaced) => kinds.map((kind) => writePng({ ...size, ...kind, interlaced })));
}

const create = (body: unknown): ModifyRequest => ({ target: "POST /tools/create-dicom", body });

/** Those that make instances of nothing. */
export function creationRequests(samples: Samples, jpeg: Buffer): readonly ModifyRequest[] {
  const pam = (header: string, ...bytes: number[]) =>
    uri("image/x-portable-arbitrarymap", Buffer.concat([Buffer.from(`P7\n${header}ENDHDR\n`), Buffer.from(bytes)]));
  const grey = pam("WIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE\n", 1, 2);
  const bodies: readonly object[] = [
    { Tags: { PatientName: "A", Modality: "CT" } },
    ...pngs().map((png) => ({ Tags: { PatientName: "A" }, Content: uri("image/png", png) })),
    { Tags: {}, Content: uri("image/jpeg", jpeg) },
    { Tags: {}, Content: grey },
    { Tags: {}, Content: pam("WIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 65535\nTUPLTYPE GRAYSCALE\n", 1, 2, 3, 4) },
    { Tags: {}, Content: pam("WIDTH 1\nHEIGHT 2\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\n", 1, 2, 3, 4, 5, 6) },
    { Tags: { PatientName: "P" }, Content: uri("application/pdf", Buffer.from("%PDF-1.4")) },
    {
      Tags: { Modality: "DOC", MIMETypeOfEncapsulatedDocument: "x" },
      Content: uri("application/pdf", Buffer.from("%PDF-1.4")),
    },
    { Tags: {}, Content: uri("application/octet-stream", Buffer.from("abcd")) },
    { Tags: { PatientID: "me", StudyInstanceUID: "1.2.3.1001" }, Force: true },
    { Tags: { StudyDate: "20200101", InstanceCreationDate: "20200102" } },
    { Tags: { InstanceNumber: null, ReferencedStudySequence: [{ ReferencedSOPInstanceUID: "1.2" }] } },
    { Tags: { SpecificCharacterSet: "ISO_IR 192", PatientName: "日本" } },
    { Tags: { PatientName: "Jérôme" } },
    { Tags: { PatientComments: "data:application/octet-stream;base64,aGk=" } },
    { Tags: { PatientComments: "data:application/octet-stream;base64,aGk=" }, InterpretBinaryTags: false },
    { Tags: { PatientComments: "c" }, Parent: samples.parentPhantom.series, Content: grey },
    { Tags: { Modality: "OT" }, Parent: samples.parentPhantom.study },
    { Tags: { Modality: "OT" }, Parent: samples.parentPhantom.patient },
    { Tags: { PatientName: "x" }, Force: true, Parent: samples.russian.study },
    {
      Tags: { Modality: "OT", InstanceNumber: "7" },
      Content: [grey, { Content: grey, Tags: { ImageComments: "two" } }],
    },
    { Tags: { Modality: "OT" }, Content: [] },
    {},
    { PatientName: "V1", PixelData: grey, StudyInstanceUID: "1.2.3.1002" },
  ];
  return bodies.map(create);
}

const unknown = "00000000-00000000-00000000-00000000-00000000";

/** Those that are refused. */
export function refusedRequests(samples: Samples): readonly ModifyRequest[] {
  const { phantom, report } = samples;
  const modify = (body: unknown) => ({ target: `POST /studies/${phantom.study}/modify`, body });
  const keys = ["PatientID", ...allUids];
  const split = (body: unknown) => ({ target: `POST /studies/${phantom.study}/split`, body });
  const merge = (body: unknown) => ({ target: `POST /studies/${phantom.study}/merge`, body });
  return [
    ...["abc", "", [1]].map(modify),
    ...keys.flatMap((key) => [
      modify({ Remove: [key] }),
      modify({ Remove: [key], Force: true }),
      modify({ Keep: [key] }),
      modify({ Replace: { [key]: "1.2" } }),
      { target: `POST /instances/${phantom.instance}/modify`, body: { Replace: { [key]: "1.2" } } },
    ]),
    { target: `POST /series/${phantom.series}/modify`, body: { Replace: { StudyInstanceUID: "1.2" }, Force: true } },
    { target: `POST /series/${phantom.series}/modify`, body: { Replace: { PatientID: "1.2" }, Force: true } },
    { target: `POST /patients/${phantom.patient}/modify`, body: { Replace: { PatientName: "x" } } },
    {
      target: "POST /tools/bulk-modify",
      body: { Resources: [phantom.instance], Replace: { PatientID: "x" }, Level: "Instance", Force: true },
    },
    { target: `POST /studies/${phantom.study}/anonymize`, body: { ...version, Keep: ["PatientID"], Force: true } },
    { target: `POST /studies/${phantom.study}/anonymize`, body: { DicomVersion: "1999" } },
    modify({ Replace: { Nope: "1" } }),
    modify({ Remove: ["Nope"] }),
    modify({ Remove: "StudyDescription" }),
    modify({ Replace: ["StudyDescription"] }),
    modify({ Replace: { "ReferencedStudySequence[x].StudyInstanceUID": "1" } }),
    modify({ Replace: { "ReferencedStudySequence[0]": "1" } }),
    modify({ Remove: ["ReferencedStudySequence.StudyInstanceUID"] }),
    modify({ Replace: { Rows: "abc" } }),
    modify({ Replace: { ReferencedImageSequence: "text" } }),
    modify({ Force: "yes" }),
    modify({ Transcode: "1.2.3" }),
    ...["patients", "studies", "series", "instances"].flatMap((level) => [
      { target: `POST /${level}/${unknown}/modify`, body: {} },
      { target: `POST /${level}/${unknown}/anonymize`, body: {} },
    ]),
    { target: "POST /tools/bulk-modify", body: {} },
    { target: "POST /tools/bulk-modify", body: { Resources: [unknown] } },
    { target: "POST /tools/bulk-modify", body: { Resources: [phantom.instance], Level: "Galaxy" } },
    split({}),
    split({ Series: [unknown] }),
    split({ Series: [report.series] }),
    split({ Instances: [report.instance] }),
    split({ Series: [phantom.series], Replace: { Modality: "x" } }),
    split({ Series: [phantom.series], Replace: { StudyInstanceUID: "x" } }),
    split({ Series: [phantom.series], Remove: ["SeriesDescription"] }),
    merge({}),
    merge({ Resources: [unknown] }),
    merge({ Resources: [phantom.study] }),
    merge({ Resources: [phantom.series] }),
    merge({ Resources: [phantom.patient] }),
    { target: `POST /studies/${unknown}/merge`, body: { Resources: [phantom.study] } },
    create({ Tags: {}, Content: "data:text/plain;base64,AA==" }),
    create({ Tags: {}, Content: "abc" }),
    create({ Tags: {}, Content: 5 }),
    create({ Tags: {}, Content: "data:image/png;base64,AAAA" }),
    create({ Tags: {}, Content: "data:application/pdf;base64,AAAA" }),
    create({ Tags: { PixelData: "P" } }),
    create({ Tags: { StudyInstanceUID: "1.2" } }),
    create({ Tags: { Nope: "me" } }),
    create({ Tags: { PatientName: "x" }, Parent: phantom.study }),
    create({ Tags: { SeriesInstanceUID: "1.2.99.99" }, Parent: phantom.study }),
    create({ Tags: {}, Parent: phantom.instance }),
    create({ Tags: {}, Parent: unknown }),
    create({ Tags: {}, Parent: 5 }),
    create({ Tags: { Modality: "OT" }, Content: ["data:image/png;base64,AAAA", { Tags: {} }] }),
    create({ Tags: { Modality: "OT" }, Content: [5] }),
    create(["x"]),
    create({ PatientName: 5 }),
  ];
}

/** Those that read what is stored again. */
export function reconstructionRequests({ phantom }: Samples): readonly ModifyRequest[] {
  return [
    { target: `POST /studies/${phantom.study}/reconstruct`, body: {} },
    { target: `POST /instances/${phantom.instance}/reconstruct`, body: "" },
    { target: `POST /patients/${unknown}/reconstruct`, body: {} },
    { target: "POST /tools/invalidate-tags", body: "" },
  ];
}
