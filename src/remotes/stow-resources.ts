import type { Catalog, FoundResource, Level } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import { indexInSeries } from "./index-in-series.ts";

/** The resources of a STOW job by level, under the names of Orthanc's `Content`. */
export type StowResources = Readonly<Record<(typeof resourceKeys)[Level], readonly string[]>>;

const resourceKeys = { Patient: "Patients", Study: "Studies", Series: "Series", Instance: "Instances" } as const;

/**
 * Finds the instances below `ids` (of any level): each once, grouped by series, in the order of IndexInSeries.
 * @throws ServerError UnknownResource naming the identifier
 */
export async function stowResources(
  catalog: Pick<Catalog, "find" | "levelOf">,
  ids: readonly string[],
): Promise<{ readonly resources: StowResources; readonly instances: readonly string[] }> {
  const resources: Record<keyof StowResources, string[]> = { Patients: [], Studies: [], Series: [], Instances: [] };
  const instances = new Set<string>();
  for (const publicId of ids) {
    const level = await catalog.levelOf(publicId);
    if (level === undefined) throw new ServerError("UnknownResource", `there is no resource "${publicId}"`);
    resources[resourceKeys[level]].push(publicId);
    const below = await catalog.find({
      level: "Instance",
      relatedTo: { level, publicId },
      include: { ancestors: true, metadata: true },
    });
    for (const found of below.toSorted(bySeriesAndIndex)) instances.add(found.publicId);
  }
  return { resources, instances: [...instances] };
}

/** Grouped by series, in the order of IndexInSeries; of instances found with their ancestors and metadata. */
export function bySeriesAndIndex(left: FoundResource, right: FoundResource): number {
  const series = (left.ancestors?.Series ?? "").localeCompare(right.ancestors?.Series ?? "");
  return series === 0 ? indexInSeries(left) - indexInSeries(right) : series;
}
