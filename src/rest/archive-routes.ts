import { exportState, type ExportState } from "../archive/export/export-job.ts";
import { exportZip, type ExportZipParts } from "../archive/export/export-zip.ts";
import { holdFile, type HeldFile } from "../archive/export/held-file.ts";
import type { Archive } from "../archive/archive.ts";
import type { Catalog, Level } from "../catalog/catalog.ts";
import { contentDisposition, json, stream } from "../http/reply.ts";
import type { Reply, Route, RouteParameter } from "../http/route.ts";
import { runSubmitted } from "../jobs/job-request.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import {
  archiveOfBody,
  archiveOfQuery,
  askedBatch,
  askedResource,
  type ArchiveKind,
  type ArchiveRequest,
  type Asked,
} from "./archive-request.ts";
import { levelRows } from "./levels.ts";
import { transcodingArguments, transcodingFields } from "./transcode-request.ts";

export interface ArchiveRoutesParts {
  readonly catalog: Pick<Catalog, "find" | "levelOf" | "resourceStatistics">;
  readonly archive: Pick<Archive, "spool">;
  readonly zip: ExportZipParts;
  readonly jobs: JobsEngine;
  readonly exportJobs: Readonly<Record<ArchiveKind["kind"], JobType<ExportState>>>;
  /** `ZipUseUtf8` */
  readonly utf8: boolean;
  /** `SynchronousZipStream`: archives are sent while they are made, instead of being written to the disk before. */
  readonly streamed: boolean;
}

const zipType = "application/zip";

/** The levels that have archives. */
const archivedLevels: readonly Level[] = ["Patient", "Study", "Series"];

interface ArchiveRow extends Omit<ArchiveKind, "utf8"> {
  /** Last segment of the routes of single resources; undefined: there are none. */
  readonly segment?: string;
  readonly tool: string;
  readonly summary: string;
}

const rows: readonly ArchiveRow[] = [
  {
    kind: "Archive",
    extended: false,
    segment: "archive",
    tool: "create-archive",
    summary: "ZIP archive with a folder for each patient, study and series",
  },
  {
    kind: "Media",
    extended: false,
    segment: "media",
    tool: "create-media",
    summary: "ZIP archive that is a DICOM file-set with its DICOMDIR",
  },
  {
    kind: "Media",
    extended: true,
    tool: "create-media-extended",
    summary: "The same with more keys in the DICOMDIR",
  },
];

const queryParameters: readonly RouteParameter[] = [
  { name: "filename", in: "query", type: "string", summary: "Name of the download" },
  ...transcodingArguments,
];

const bodyParameters: readonly RouteParameter[] = [
  { name: "Asynchronous", in: "body", type: "boolean", summary: "Answer with a job that makes the archive" },
  { name: "Priority", in: "body", type: "number", summary: "Of the job; higher goes first" },
  { name: "UserData", in: "body", type: "object", summary: "Kept with the job" },
  { name: "Filename", in: "body", type: "string", summary: "Name of the download" },
  { name: "Utf8", in: "body", type: "boolean", summary: "Names with letters beyond ASCII" },
  ...transcodingFields,
];

const mediaParameters: Readonly<Record<ArchiveKind["kind"], readonly RouteParameter[]>> = {
  Archive: [],
  Media: [
    { name: "extended", in: "query", type: "boolean", summary: "More keys in the DICOMDIR" },
    { name: "Extended", in: "body", type: "boolean", summary: "More keys in the DICOMDIR" },
  ],
};

/** `/{level}/{id}/archive`, `/{level}/{id}/media`, and the tools that make them of several resources. */
export function archiveRoutes(parts: ArchiveRoutesParts): readonly Route[] {
  return rows.flatMap((row) => [
    ...(row.segment === undefined ? [] : archivedLevels.flatMap((level) => resourceRoutes(parts, row, level))),
    ...toolRoutes(parts, row),
  ]);
}

function resourceRoutes(parts: ArchiveRoutesParts, row: ArchiveRow, level: Level): readonly Route[] {
  const levelRow = levelRows[level];
  const asked = (id = ""): Asked => askedResource(parts.catalog, levelRow, id);
  const path = `/${levelRow.plural}/{id}/${row.segment}`;
  return bothMethods(parts, row, { path, tag: levelRow.plural, asked });
}

function toolRoutes(parts: ArchiveRoutesParts, row: ArchiveRow): readonly Route[] {
  const path = `/tools/${row.tool}`;
  const [get, post] = bothMethods(parts, row, { path, tag: "System", asked: () => askedBatch(parts.catalog) });
  const resources = { name: "resources", in: "query", type: "string", summary: "Ids, joined by commas" } as const;
  const list = { name: "Resources", in: "body", type: "array", summary: "Ids of resources of any level" } as const;
  return [
    { ...get, parameters: [resources, ...(get.parameters ?? [])] },
    { ...post, parameters: [list, ...(post.parameters ?? [])] },
  ];
}

interface ArchivePlace {
  readonly path: string;
  readonly tag: string;
  readonly asked: (id?: string) => Asked;
}

function bothMethods(
  parts: ArchiveRoutesParts,
  row: ArchiveRow,
  { path, tag, asked }: ArchivePlace,
): readonly [get: Route, post: Route] {
  const kind: ArchiveKind = { ...row, utf8: parts.utf8 };
  const parameters = [...queryParameters, ...bodyParameters, ...mediaParameters[row.kind]];
  const common = { path, tag, summary: row.summary };
  return [
    {
      ...common,
      method: "GET",
      parameters: parameters.filter((parameter) => parameter.in === "query"),
      handle: async ({ parameters: { id }, query }) =>
        answerArchive(parts, await archiveOfQuery(asked(id), query, kind)),
    },
    {
      ...common,
      method: "POST",
      parameters: parameters.filter((parameter) => parameter.in === "body"),
      handle: async (request) =>
        answerArchive(parts, await archiveOfBody(asked(request.parameters["id"]), request, kind)),
    },
  ];
}

/** The archive itself, or the job that makes it. */
async function answerArchive(parts: ArchiveRoutesParts, { archive, filename, job }: ArchiveRequest): Promise<Reply> {
  if (job !== undefined) {
    const state = await exportState(parts.catalog, archive, filename);
    return json(await runSubmitted(parts.jobs, { type: parts.exportJobs[archive.layout.kind], state }, job));
  }
  const headers = { "Content-Disposition": contentDisposition(filename) };
  const zip = exportZip(parts.zip, archive);
  if (parts.streamed) return stream(zipType, zip, { headers });
  const file = await holdFile(parts.archive, zip);
  return stream(zipType, releasing(file), { headers, length: file.size });
}

async function* releasing(file: HeldFile): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* file.read();
  } finally {
    await file.release();
  }
}
