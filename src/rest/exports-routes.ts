import type { Catalog, ExportedResource } from "../catalog/catalog.ts";
import { flag } from "../http/query.ts";
import { empty, json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { lenientNumber } from "./lenient-number.ts";
import { resourcePath } from "./levels.ts";

const defaultLimit = 100;

/** `/exports`: what was sent elsewhere (`LogExportedResources`), oldest first, in pages. */
export function exportsRoutes(parts: { readonly catalog: Catalog }): readonly Route[] {
  const { catalog } = parts;
  return [
    {
      method: "GET",
      path: "/exports",
      tag: "System",
      summary: "A page of the log of exported resources",
      parameters: [
        { name: "since", in: "query", type: "number", summary: "Exports after this Seq" },
        { name: "limit", in: "query", type: "number", summary: "Exports in the page (100)" },
      ],
      async handle({ query }) {
        const since = flag(query, "last") ? await lastBut(catalog, 1) : (lenientNumber(query, "since") ?? 0);
        const { done, exports, last } = await catalog.exports(since, lenientNumber(query, "limit") ?? defaultLimit);
        // An empty page ends where it was asked to begin.
        return json({ Done: done, Exports: exports.map(exportJson), Last: exports.length === 0 ? since : last });
      },
    },
    {
      method: "DELETE",
      path: "/exports",
      tag: "System",
      summary: "Clear the log of exported resources",
      writes: true,
      async handle() {
        await catalog.deleteExports();
        return empty();
      },
    },
  ];
}

async function lastBut(catalog: Catalog, count: number): Promise<number> {
  const { last } = await catalog.exports(Number.MAX_SAFE_INTEGER, 1);
  return Math.max(0, last - count);
}

const idsByLevel = {
  Patient: ["PatientID"],
  Study: ["PatientID", "StudyInstanceUID"],
  Series: ["PatientID", "StudyInstanceUID", "SeriesInstanceUID"],
  Instance: ["PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"],
} as const;

function exportJson(exported: ExportedResource): Record<string, unknown> {
  return {
    Date: exported.date,
    ID: exported.publicId,
    Path: resourcePath(exported),
    RemoteModality: exported.remoteModality,
    ResourceType: exported.level,
    Seq: exported.seq,
    ...Object.fromEntries(idsByLevel[exported.level].map((name) => [name, exported[name]])),
  };
}
