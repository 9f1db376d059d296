import type { Archive } from "../../archive/archive.ts";
import type { Catalog, FindRequest, FoundResource, Level, ResourceReference } from "../../catalog/catalog.ts";
import { tagHex, type Tag } from "../../dicom/tag.ts";
import { jsonText } from "../../http/json-text.ts";
import { ServerError } from "../../util/errors.ts";
import { resourceFormatOfQuery } from "../format-request.ts";
import { describeResources, type ResourceParts } from "../resources.ts";
import { systemAttachments, systemMetadata } from "../numbered-names.ts";
import { distinctNames, type File, type Folder, type NamedNode } from "./node.ts";

export interface ResourceTreeParts extends ResourceParts {
  readonly archive: Pick<Archive, "open" | "remove" | "md5">;
  readonly catalog: Pick<Catalog, "find">;
  /** `WebDavDeleteAllowed`, unless `ReadOnly`. */
  readonly canDelete: boolean;
}

const PatientID: Tag = 0x00100020;
const PatientName: Tag = 0x00100010;
const StudyDate: Tag = 0x00080020;
const StudyDescription: Tag = 0x00081030;
const StudyInstanceUID: Tag = 0x0020000d;
const Modality: Tag = 0x00080060;
const SeriesDescription: Tag = 0x0008103e;
const SeriesInstanceUID: Tag = 0x0020000e;
const SOPInstanceUID: Tag = 0x00080018;

type Below = Pick<FindRequest, "relatedTo" | "constraints">;
type NameOf = (found: FoundResource) => string;

/** The folders `by-patients`, `by-studies`, `by-dates` and `by-uids`. */
export function resourceFolders(parts: ResourceTreeParts): readonly NamedNode[] {
  const seriesIn =
    (study: ResourceReference): Folder["children"] =>
    () =>
      resourcesIn(
        parts,
        "Series",
        { relatedTo: study },
        { nameOf: joined(Modality, SeriesDescription), childrenOf: instancesIn(parts) },
      );
  const studiesNamed = (nameOf: NameOf, below: Below) =>
    resourcesIn(parts, "Study", below, { nameOf, childrenOf: seriesIn });
  const byPatient =
    (patient: ResourceReference): Folder["children"] =>
    () =>
      studiesNamed(joined(StudyDate, StudyDescription), { relatedTo: patient });
  const described = joined(PatientID, PatientName, StudyDescription);
  return [
    { name: "by-dates", node: yearsFolder(parts, (below) => studiesNamed(described, below)) },
    {
      name: "by-patients",
      node: folder(() =>
        resourcesIn(parts, "Patient", {}, { nameOf: joined(PatientID, PatientName), childrenOf: byPatient }),
      ),
    },
    { name: "by-studies", node: folder(() => studiesNamed(described, {})) },
    { name: "by-uids", node: uidsFolder(parts) },
  ];
}

function folder(children: Folder["children"]): Folder {
  return { kind: "folder", children };
}

/** The values of tags as Orthanc joins them to a name. */
function joined(...tags: readonly Tag[]): NameOf {
  return (found) => tags.map((tag) => valueOf(found, tag)).join(" - ");
}

function valueOf({ mainDicomTags = {} }: FoundResource, tag: Tag): string {
  const key = tagHex(tag);
  for (const values of Object.values(mainDicomTags)) if (values?.[key] !== undefined) return values[key];
  return "";
}

const tagLevels: Readonly<Record<Level, readonly Level[]>> = {
  Patient: ["Patient"],
  Study: ["Study", "Patient"],
  Series: ["Series"],
  Instance: ["Instance"],
};

async function findBelow(
  { catalog }: ResourceTreeParts,
  level: Level,
  below: Below,
): Promise<readonly FoundResource[]> {
  const isInstance = level === "Instance";
  const include = {
    mainDicomTags: tagLevels[level],
    status: !isInstance,
    attachments: isInstance,
    metadata: isInstance,
  };
  return catalog.find({ level, ...below, include });
}

/** How the folders of resources are named, and what is in them. */
interface FolderShape {
  readonly nameOf: NameOf;
  readonly childrenOf: (resource: ResourceReference) => Folder["children"];
}

async function resourcesIn(
  parts: ResourceTreeParts,
  level: Exclude<Level, "Instance">,
  below: Below,
  { nameOf, childrenOf }: FolderShape,
): Promise<readonly NamedNode[]> {
  const found = await findBelow(parts, level, below);
  return distinctNames(
    found.map((resource) => ({ name: nameOf(resource), node: resourceFolder(parts, resource, childrenOf(resource)) })),
  );
}

function resourceFolder(parts: ResourceTreeParts, resource: FoundResource, children: Folder["children"]): Folder {
  return { kind: "folder", modified: resource.status?.lastUpdate, children, ...removal(parts, resource) };
}

function removal({ archive, canDelete }: ResourceTreeParts, { publicId, level }: ResourceReference) {
  if (!canDelete) return {};
  const remove = async (): Promise<void> => {
    await archive.remove(publicId, level);
  };
  return { remove };
}

function instancesIn(parts: ResourceTreeParts, nameOf: NameOf = ({ publicId }) => publicId) {
  return (series: ResourceReference): Folder["children"] =>
    async () => {
      const found = await findBelow(parts, "Instance", { relatedTo: series });
      return distinctNames(found.flatMap((instance) => instanceFile(parts, instance, `${nameOf(instance)}.dcm`)));
    };
}

/** None when `StoreDicom` was off. */
function instanceFile(parts: ResourceTreeParts, instance: FoundResource, name: string): readonly NamedNode[] {
  const { publicId, attachments = [], metadata = {} } = instance;
  const stored = attachments.find(({ type }) => type === systemAttachments.dicom);
  if (stored === undefined) return [];
  const node: File = {
    kind: "file",
    modified: metadata[systemMetadata.ReceptionDate],
    size: stored.uncompressedSize,
    type: "application/dicom",
    open: async () => {
      const opened = await parts.archive.open(publicId, systemAttachments.dicom);
      if (opened === undefined) throw new ServerError("UnknownResource", `There is no instance ${publicId}`);
      return opened.stream;
    },
    ...removal(parts, instance),
  };
  return [{ name, node }];
}

/** Studies by year, `2026`, and month, `2026-11`. Those without a date are not here. */
function yearsFolder(parts: ResourceTreeParts, studiesIn: (below: Below) => Promise<readonly NamedNode[]>): Folder {
  const dates = async (prefix: string): Promise<readonly string[]> => {
    const found = await parts.catalog.find({ level: "Study", include: { mainDicomTags: ["Study"] } });
    return found
      .map((study) => valueOf(study, StudyDate))
      .filter((date) => /^\d{8}$/.test(date) && date.startsWith(prefix));
  };
  const month = (name: string): Folder =>
    folder(() => {
      const digits = name.replace("-", "");
      const range = { match: "range", from: `${digits}00`, to: `${digits}99` } as const;
      return studiesIn({ constraints: [{ tag: StudyDate, caseSensitive: true, ...range }] });
    });
  const year = (name: string): Folder =>
    folder(async () => {
      const months = (await dates(name)).map((date) => `${date.slice(0, 4)}-${date.slice(4, 6)}`);
      return sortedOnce(months).map((each) => ({ name: each, node: month(each) }));
    });
  return folder(async () => {
    const years = (await dates("")).map((date) => date.slice(0, 4));
    return sortedOnce(years).map((each) => ({ name: each, node: year(each) }));
  });
}

function sortedOnce(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}

/** Everything by its UIDs, each level with its description in JSON. */
function uidsFolder(parts: ResourceTreeParts): Folder {
  const withDescription =
    (file: string, inner: (resource: ResourceReference) => Folder["children"]) =>
    (resource: ResourceReference): Folder["children"] =>
    async () => [await descriptionFile(parts, file, resource), ...(await inner(resource)())];
  const series = withDescription("series.json", instancesIn(parts, joined(SOPInstanceUID)));
  const study = withDescription(
    "study.json",
    (resource) => () =>
      resourcesIn(parts, "Series", { relatedTo: resource }, { nameOf: joined(SeriesInstanceUID), childrenOf: series }),
  );
  return folder(() => resourcesIn(parts, "Study", {}, { nameOf: joined(StudyInstanceUID), childrenOf: study }));
}

/** What `/studies/{id}` and `/series/{id}` answer. */
async function descriptionFile(
  parts: ResourceTreeParts,
  name: string,
  { level, publicId }: ResourceReference,
): Promise<NamedNode> {
  const format = resourceFormatOfQuery(new URLSearchParams());
  const [description] = await describeResources(parts, level, { publicIds: [publicId] }, format);
  const text = jsonText(description);
  const open = (): Promise<string> => Promise.resolve(text);
  return { name, node: { kind: "file", size: Buffer.byteLength(text), type: "application/json", open } };
}
