import {
  type Catalog,
  type FindInclude,
  type FoundResource,
  type Level,
  levels,
  type TagConstraint,
} from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import { SeriesInstanceUID, SOPInstanceUID, StudyInstanceUID } from "./qido-fields.ts";

/** The UIDs in the URL of a resource. */
export interface ResourcePath {
  readonly study: string;
  readonly series?: string;
  readonly instance?: string;
}

/** Metadata numbers. */
const indexInSeries = 1;
const transferSyntaxMetadata = 9;

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

/**
 * The instances of a study, a series or one instance, series by series in the order of IndexInSeries.
 * @throws ServerError InexistentItem when the UIDs name nothing, or several resources
 */
export async function findInstances(
  catalog: Pick<Catalog, "find">,
  path: ResourcePath,
): Promise<readonly WadoInstance[]> {
  const resource = await findResource(catalog, path);
  const include: FindInclude = { mainDicomTags: [...levels], metadata: true };
  const found = await catalog.find({ level: "Instance", relatedTo: resource, include });
  return found.map(wadoInstance).toSorted(inOrder);
}

/** The one instance that the UIDs name. */
export async function findInstance(catalog: Pick<Catalog, "find">, path: ResourcePath): Promise<WadoInstance> {
  const [instance] = await findInstances(catalog, path);
  if (instance === undefined) throw inexistent(path);
  return instance;
}

async function findResource(
  catalog: Pick<Catalog, "find">,
  path: ResourcePath,
): Promise<{ readonly level: Level; readonly publicId: string }> {
  const level = path.instance !== undefined ? "Instance" : path.series !== undefined ? "Series" : "Study";
  const constraints = [
    equal(StudyInstanceUID, path.study),
    ...(path.series === undefined ? [] : [equal(SeriesInstanceUID, path.series)]),
    ...(path.instance === undefined ? [] : [equal(SOPInstanceUID, path.instance)]),
  ];
  const [resource, second] = await catalog.find({ level, constraints, limit: 2, include: {} });
  if (resource === undefined) throw inexistent(path);
  if (second !== undefined) {
    throw new ServerError("InexistentItem", `several resources have the UIDs ${uidsOf(path)}`);
  }
  return resource;
}

function equal(tag: Tag, value: string): TagConstraint {
  return { tag, caseSensitive: true, match: "equal", value };
}

function inexistent(path: ResourcePath): ServerError {
  return new ServerError("InexistentItem", `there is no resource with the UIDs ${uidsOf(path)}`);
}

function uidsOf({ study, series, instance }: ResourcePath): string {
  return [study, series, instance].filter((uid) => uid !== undefined).join("/");
}

function wadoInstance(found: FoundResource): WadoInstance {
  const { Study = {}, Series = {}, Instance = {} } = found.mainDicomTags ?? {};
  return {
    id: found.publicId,
    StudyInstanceUID: Study["0020000D"] ?? "",
    SeriesInstanceUID: Series["0020000E"] ?? "",
    SOPInstanceUID: Instance["00080018"] ?? "",
    transferSyntaxUID: found.metadata?.[transferSyntaxMetadata] ?? "",
    found,
  };
}

function inOrder(left: WadoInstance, right: WadoInstance): number {
  if (left.SeriesInstanceUID !== right.SeriesInstanceUID) {
    return left.SeriesInstanceUID < right.SeriesInstanceUID ? -1 : 1;
  }
  return indexOf(left) - indexOf(right);
}

function indexOf({ found }: WadoInstance): number {
  const index = Number(found.metadata?.[indexInSeries] ?? "0");
  return Number.isNaN(index) ? 0 : index;
}
