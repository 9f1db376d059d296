import { parseTag } from "../dicom/dictionary.ts";
import { datasetFromJson } from "../dicom/from-orthanc-json.ts";
import type { Tag } from "../dicom/tag.ts";
import { json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { QueryHistory, RememberedQuery } from "../remotes/query-history.ts";
import { queryIdentifier, type QueryKeys } from "../remotes/query-identifier.ts";
import { answerJson } from "../remotes/query-json.ts";
import { findAnswers, findWorklist, type QueryScuParts } from "../remotes/query-scu.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject } from "./body-fields.ts";
import { tagFormatOfBody } from "./format-request.ts";
import { parseLevel } from "./levels.ts";
import {
  modalityFields,
  type ModalityParts,
  namedModality,
  readModalityJson,
  remoteOf,
  remoteParameters,
} from "./modality-request.ts";

export interface QueryRoutesParts extends ModalityParts {
  readonly scu: QueryScuParts;
  readonly queries: QueryHistory;
  /** Changes the keys of queries to the modality of this title before they are sent. */
  readonly filterKeys?: (keys: QueryKeys, aet: string) => Promise<QueryKeys>;
}

const tag = "Networking";

/** C-FIND to a modality: queries that are remembered, and worklists. */
export function modalityQueryRoutes(parts: QueryRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/modalities/{id}/query",
      tag,
      summary: "Send a C-FIND and remember its answers under /queries",
      parameters: [
        { name: "Level", in: "body", type: "string", summary: "Patient, Study, Series or Instance" },
        { name: "Query", in: "body", type: "object", summary: "Tags and what they must match" },
        {
          name: "Normalize",
          in: "body",
          type: "boolean",
          summary: "Leave out tags that are foreign to the level (true)",
        },
        ...remoteParameters,
      ],
      async handle(request) {
        const body = await readModalityJson(request, { empty: undefined });
        const { name, modality } = namedModality(parts, request);
        const fields = modalityFields(body);
        const level = fields.string("Level");
        if (level === undefined) throw new ServerError("BadFileFormat", 'Field "Level" is missing');
        const asked = { ...modality, LocalAet: fields.string("LocalAet") ?? modality.LocalAet };
        return runQuery(parts, { name, modality: asked, level: parseLevel(level), keys: readQueryKeys(body) }, fields);
      },
    },
    {
      method: "POST",
      path: "/modalities/{id}/find-worklist",
      tag,
      summary: "Send a C-FIND for worklist items and give its answers",
      parameters: [
        { name: "Query", in: "body", type: "object", summary: "Tags and what they must match, sequences among them" },
        { name: "Full", in: "body", type: "boolean", summary: "Tags by number, with name and type" },
        { name: "Short", in: "body", type: "boolean", summary: "Tags by number" },
      ],
      handle: (request) => worklist(parts, request),
    },
  ];
}

/** Sends a query and remembers it: what `/modalities/{id}/query` answers. */
export async function runQuery(
  parts: QueryRoutesParts,
  query: Omit<RememberedQuery, "answers">,
  fields: BodyReader,
): Promise<Reply> {
  const { modality, level } = query;
  const keys = (await parts.filterKeys?.(query.keys, modality.AET)) ?? query.keys;
  const identifier = queryIdentifier(keys, {
    level,
    normalize: fields.boolean("Normalize", true),
    manufacturer: modality.Manufacturer,
    charset: parts.scu.defaultCharset(),
  });
  const answers = await findAnswers(parts.scu, remoteOf(parts, modality, fields), level, identifier);
  const id = parts.queries.add({ ...query, answers });
  return json({ ID: id, Path: `/queries/${id}` });
}

/** `Query`: an object of texts. Throws `BadFileFormat`. */
export function readQueryKeys(body: unknown): QueryKeys {
  const query = isObject(body) ? body["Query"] : undefined;
  if (query === undefined) return new Map();
  if (!isObject(query)) throw new ServerError("BadFileFormat", 'Field "Query" must be an object');
  return new Map(
    Object.entries(query).map(([name, value]): [Tag, string] => {
      const key = parseTag(name);
      if (key !== undefined && typeof value === "string") return [key, value];
      throw new ServerError("BadFileFormat", `Field "Query" must hold tags and strings: see "${name}"`);
    }),
  );
}

async function worklist(parts: QueryRoutesParts, request: HttpRequest): Promise<Reply> {
  const body = await readModalityJson(request, { empty: undefined });
  const { modality } = namedModality(parts, request);
  const fields = modalityFields(body);
  const query = isObject(body) ? (body["Query"] ?? body) : {};
  if (!isObject(query)) throw new ServerError("BadParameterType", 'Field "Query" must be an object');
  const charset = parts.scu.defaultCharset();
  const identifier = datasetFromJson({ SpecificCharacterSet: charset.value, ...query }, { charset });
  const answers = await findWorklist(parts.scu, remoteOf(parts, modality, fields), identifier);
  const format = fields.has("Query") ? tagFormatOfBody(fields, "simple") : "simple";
  return json(answers.map((answer) => answerJson(answer, format)));
}
