import { metadataNumbers } from "../archive/metadata-numbers.ts";
import { type Catalog, type FindInclude, type FoundResource, levels, type TagConstraint } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { indexInSeries } from "../remotes/index-in-series.ts";
import { ServerError } from "../util/errors.ts";
import { SeriesInstanceUID, SOPInstanceUID, StudyInstanceUID } from "./qido-fields.ts";

/** The UIDs in the URL of a resource. */
export interface ResourcePath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** One instance to be retrieved, with the UIDs its URL is made of. */
export interface WadoInstance {
  readonly id: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
  /** Empty when unknown. */
  readonly transferSyntaxUID: string;
  readonly found: FoundResource;
}

/** The variables of a route's path as a resource. */
export function resourcePath(parameters: Readonly<Record<string, string>>): ResourcePath {
  const { study = "", series, instance } = parameters;
  return {
    study,
    ...(series === undefined ? {} : { series }),
    ...(instance === undefined ? {} : { instance }),
  };
}

const include: FindInclude = { mainDicomTags: [...levels], metadata: true };

/**
 * The instances of a study, a series or one instance, series by series in the order of IndexInSeries.
 * @throws ServerError InexistentItem when the UIDs name nothing, or several resources
 */
export async function findInstances(
  catalog: Pick<Catalog, "find">,
  path: ResourcePath,
): Promise<readonly WadoInstance[]> {
  if (path.instance !== undefined) return [await findInstance(catalog, path)];
  const level = path.series === undefined ? "Study" : "Series";
  const relatedTo = only(await catalog.find({ level, constraints: constraintsOf(path), limit: 2, include: {} }), path);
  const found = await catalog.find({ level: "Instance", relatedTo, include });
  return found.map(wadoInstance).toSorted(inOrder);
}

/** Orthanc's identifiers of the series of a study, or of the one series that the UIDs name, in the order of their UIDs; throws as `findInstances`. */
export async function findSeries(catalog: Pick<Catalog, "find">, path: ResourcePath): Promise<readonly string[]> {
  const level = path.series === undefined ? "Study" : "Series";
  const found = only(await catalog.find({ level, constraints: constraintsOf(path), limit: 2, include: {} }), path);
  return level === "Series" ? [found.publicId] : await seriesOfStudy(catalog, found.publicId);
}

/** The series of a study by its Orthanc identifier, in the order of their UIDs; none when it is unknown. */
export async function seriesOfStudy(catalog: Pick<Catalog, "find">, publicId: string): Promise<readonly string[]> {
  const relatedTo = { level: "Study", publicId } as const;
  const found = await catalog.find({ level: "Series", relatedTo, include: { mainDicomTags: ["Series"] } });
  return found.toSorted((left, right) => (uidOf(left) < uidOf(right) ? -1 : 1)).map((series) => series.publicId);
}

function uidOf({ mainDicomTags }: FoundResource): string {
  return mainDicomTags?.Series?.["0020000E"] ?? "";
}

/** The instances of a series by its Orthanc identifier, with their attachments, in the order of IndexInSeries. */
export async function instancesOfSeries(
  catalog: Pick<Catalog, "find">,
  publicId: string,
): Promise<readonly WadoInstance[]> {
  const relatedTo = { level: "Series", publicId } as const;
  const found = await catalog.find({ level: "Instance", relatedTo, include: { ...include, attachments: true } });
  return found.map(wadoInstance).toSorted(inOrder);
}

/** The one instance that the UIDs name; throws as `findInstances`. */
export async function findInstance(catalog: Pick<Catalog, "find">, path: ResourcePath): Promise<WadoInstance> {
  const found = await catalog.find({ level: "Instance", constraints: constraintsOf(path), limit: 2, include });
  return wadoInstance(only(found, path));
}

/** Orthanc's identifier of any instance of a study or a series, or of the one that the UIDs name; throws as `findInstances`. */
export async function findOneInstance(catalog: Pick<Catalog, "find">, path: ResourcePath): Promise<string> {
  const limit = path.instance === undefined ? 1 : 2;
  const found = await catalog.find({ level: "Instance", constraints: constraintsOf(path), limit, include: {} });
  return only(found, path).publicId;
}

function only(found: readonly FoundResource[], { study, series, instance }: ResourcePath): FoundResource {
  const [resource, second] = found;
  const uids = [study, series, instance].filter((uid) => uid !== undefined).join("/");
  if (resource === undefined) throw new ServerError("InexistentItem", `there is no resource with the UIDs ${uids}`);
  if (second !== undefined) throw new ServerError("InexistentItem", `several resources have the UIDs ${uids}`);
  return resource;
}

function constraintsOf({ study, series, instance }: ResourcePath): readonly TagConstraint[] {
  return [
    equal(StudyInstanceUID, study),
    ...(series === undefined ? [] : [equal(SeriesInstanceUID, series)]),
    ...(instance === undefined ? [] : [equal(SOPInstanceUID, instance)]),
  ];
}

function equal(tag: Tag, value: string): TagConstraint {
  return { tag, caseSensitive: true, match: "equal", value };
}

function wadoInstance(found: FoundResource): WadoInstance {
  const { Study = {}, Series = {}, Instance = {} } = found.mainDicomTags ?? {};
  return {
    id: found.publicId,
    StudyInstanceUID: Study["0020000D"] ?? "",
    SeriesInstanceUID: Series["0020000E"] ?? "",
    SOPInstanceUID: Instance["00080018"] ?? "",
    transferSyntaxUID: found.metadata?.[metadataNumbers.TransferSyntax] ?? "",
    found,
  };
}

function inOrder(left: WadoInstance, right: WadoInstance): number {
  if (left.SeriesInstanceUID !== right.SeriesInstanceUID) {
    return left.SeriesInstanceUID < right.SeriesInstanceUID ? -1 : 1;
  }
  return indexInSeries(left.found) - indexInSeries(right.found);
}
