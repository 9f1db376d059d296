import type { Catalog, ResourceReference, TagValues } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";
import type { FolderLevel } from "./entry-names.ts";

/** A series, or some instances of it, that goes into an archive. */
export interface ExportedSeries {
  /** Orthanc's identifiers of the series and what is above it. */
  readonly ids: Readonly<Record<FolderLevel, string>>;
  readonly tags: Readonly<Record<FolderLevel, TagValues>>;
  /** Only these instances; undefined: all. */
  readonly instances: ReadonlySet<string> | undefined;
}

/** The resources with these identifiers, of any level. Throws `UnknownResource` naming the first that is not there. */
export async function findExported(
  catalog: Pick<Catalog, "levelOf">,
  publicIds: readonly string[],
): Promise<readonly ResourceReference[]> {
  const found: ResourceReference[] = [];
  for (const publicId of publicIds) {
    const level = await catalog.levelOf(publicId);
    if (level === undefined) throw new ServerError("UnknownResource", `There is no resource ${publicId}`);
    found.push({ level, publicId });
  }
  return found;
}

/** Finds the series of `resources`; what is asked for twice is there once, what has gone meanwhile is not there. */
export async function planExport(
  catalog: Pick<Catalog, "find">,
  resources: readonly ResourceReference[],
): Promise<readonly ExportedSeries[]> {
  const planned = new Map<string, ExportedSeries & { readonly instances: Set<string> | undefined }>();
  for (const resource of resources) {
    const related = resource.level === "Series" ? { publicIds: [resource.publicId] } : { relatedTo: resource };
    const include = { ancestors: true, mainDicomTags: ["Patient", "Study", "Series"] } as const;
    for (const found of await catalog.find({ level: "Series", ...related, include })) {
      const known = planned.get(found.publicId);
      if (known !== undefined && resource.level === "Instance") {
        known.instances?.add(resource.publicId);
        continue;
      }
      const { Patient: patientId = "", Study: studyId = "" } = found.ancestors ?? {};
      const { Patient = {}, Study = {}, Series = {} } = found.mainDicomTags ?? {};
      planned.set(found.publicId, {
        ids: { Patient: patientId, Study: studyId, Series: found.publicId },
        tags: { Patient, Study, Series },
        instances: resource.level === "Instance" ? new Set([resource.publicId]) : undefined,
      });
    }
  }
  return [...planned.values()];
}

/** How much goes into an archive. */
export interface ExportSize {
  readonly instances: number;
  /** Bytes of their files. */
  readonly bytes: number;
}

/** Adds up the files of the planned series. */
export async function measureExport(
  catalog: Pick<Catalog, "resourceStatistics">,
  plan: readonly ExportedSeries[],
): Promise<ExportSize> {
  let [instances, bytes] = [0, 0];
  for (const { ids, instances: some } of plan) {
    for (const publicId of some ?? [ids.Series]) {
      const statistics = await catalog.resourceStatistics(publicId);
      instances += statistics?.instances ?? 0;
      bytes += statistics?.dicomUncompressedSize ?? 0;
    }
  }
  return { instances, bytes };
}
