import type { Catalog, Level, ResourceStatistics, Statistics } from "../catalog/catalog.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { levelRowsDownwards, unknownResource } from "./levels.ts";

const megabyte = 1024 * 1024;

/** `/statistics` and `/{level}/{id}/statistics`: sizes in bytes as text, in MB (1 048 576) as truncated numbers. */
export function statisticsRoutes(parts: { readonly catalog: Catalog }): readonly Route[] {
  const { catalog } = parts;
  return [
    {
      method: "GET",
      path: "/statistics",
      tag: "System",
      summary: "Counts of resources and use of the storage",
      handle: async () => json(statisticsJson(await catalog.statistics())),
    },
    ...levelRowsDownwards.map((row): Route => ({
      method: "GET",
      path: `/${row.plural}/{id}/statistics`,
      tag: row.plural,
      summary: `Sizes of the ${row.singular} and numbers of what is below it`,
      async handle({ parameters: { id = "" } }) {
        const found = await catalog.resourceStatistics(id, row.level);
        if (found === undefined) throw unknownResource(row, id);
        return json(resourceStatisticsJson(found, row.level));
      },
    })),
  ];
}

function statisticsJson(statistics: Statistics): Record<string, unknown> {
  return {
    CountInstances: statistics.instances,
    CountPatients: statistics.patients,
    CountSeries: statistics.series,
    CountStudies: statistics.studies,
    ...sizeJson("TotalDiskSize", statistics.compressedSize),
    ...sizeJson("TotalUncompressedSize", statistics.uncompressedSize),
  };
}

function resourceStatisticsJson(statistics: ResourceStatistics, level: Level): Record<string, unknown> {
  const isAboveStudy = level === "Patient";
  const isAboveSeries = isAboveStudy || level === "Study";
  return {
    ...(level === "Instance" ? {} : { CountInstances: statistics.instances }),
    ...(isAboveSeries ? { CountSeries: statistics.series } : {}),
    ...(isAboveStudy ? { CountStudies: statistics.studies } : {}),
    ...sizeJson("DicomDiskSize", statistics.dicomCompressedSize),
    ...sizeJson("DicomUncompressedSize", statistics.dicomUncompressedSize),
    ...sizeJson("DiskSize", statistics.compressedSize),
    ...sizeJson("UncompressedSize", statistics.uncompressedSize),
  };
}

function sizeJson(name: string, size: number): Record<string, unknown> {
  return { [name]: String(size), [`${name}MB`]: Math.floor(size / megabyte) };
}
