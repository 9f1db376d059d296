import { type Level, levels } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { empty, json, text } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { RememberedQuery } from "../remotes/query-history.ts";
import { answerJson, keysJson } from "../remotes/query-json.ts";
import { ServerError } from "../util/errors.ts";
import { tagFormatOfQuery } from "./format-request.ts";
import { type QueryRoutesParts, readQueryKeys, runQuery } from "./modality-query-routes.ts";
import { modalityFields, readModalityJson, remoteParameters } from "./modality-request.ts";
import { answerOf, rememberedQuery } from "./queries-request.ts";
import { queriesRetrieveRoutes } from "./queries-retrieve-routes.ts";
import type { RetrieveParts } from "./retrieve-request.ts";

export type QueriesRoutesParts = QueryRoutesParts & RetrieveParts;

const tag = "Networking";
const path = "/queries/{id}";

const formatParameters = [
  { name: "simplify", in: "query", type: "boolean", summary: "Tags by name" },
  { name: "short", in: "query", type: "boolean", summary: "Tags by number" },
] as const;

/** What identifies the resource of an answer for a query below it. */
const parentKeys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [0x00100020], // PatientID
  Study: [0x0020000d], // StudyInstanceUID
  Series: [0x0020000d, 0x0020000e], // and SeriesInstanceUID
  Instance: [],
};

/** Routes of queries below an answer. */
const childQueries = [
  { level: "Study", name: "query-studies" },
  { level: "Series", name: "query-series" },
  { level: "Instance", name: "query-instances" },
] as const satisfies readonly { readonly level: Level; readonly name: string }[];

/** The queries that were sent to modalities, and what is done with their answers. */
export function queriesRoutes(parts: QueriesRoutesParts): readonly Route[] {
  const get = (
    rest: string,
    summary: string,
    handle: (query: RememberedQuery, request: HttpRequest) => Reply,
  ): Route => ({
    method: "GET",
    path: path + rest,
    tag,
    summary,
    handle: (request) => handle(rememberedQuery(parts, request), request),
  });
  return [
    { method: "GET", path: "/queries", tag, summary: "Ids of the queries", handle: () => json(parts.queries.ids()) },
    get("", "What can be done with a query", () => json(["answers", "level", "modality", "query", "retrieve"])),
    {
      method: "DELETE",
      path,
      tag,
      summary: "Forget a query",
      handle: ({ parameters: { id = "" } }) => {
        parts.queries.delete(id);
        return empty();
      },
    },
    get("/level", "The level of a query", ({ level }) => text(level)),
    get("/modality", "The name of the modality that was asked", ({ name }) => text(name)),
    {
      ...get("/query", "What was asked", ({ keys }, { query }) =>
        json(keysJson(keys, tagFormatOfQuery(query, "full"))),
      ),
      parameters: formatParameters,
    },
    {
      ...get("/answers", "Numbers of the answers, or the answers", listAnswers),
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Give the answers" }, ...formatParameters],
    },
    get("/answers/{index}", "What can be done with an answer", (query, request) => {
      answerOf(query, request);
      return json(answerOperations(query.level));
    }),
    {
      ...get("/answers/{index}/content", "An answer", (query, request) =>
        json(answerJson(answerOf(query, request), tagFormatOfQuery(request.query, "full"))),
      ),
      parameters: formatParameters,
    },
    ...childQueries.map(({ level, name }): Route => ({
      method: "POST",
      path: `${path}/answers/{index}/${name}`,
      tag,
      summary: `Send a C-FIND for what is below an answer, at the level ${level}`,
      parameters: [
        { name: "Query", in: "body", type: "object", summary: "Tags and what they must match" },
        ...remoteParameters,
      ],
      handle: (request) => queryBelow(parts, request, level),
    })),
    ...queriesRetrieveRoutes(parts),
  ];
}

function listAnswers({ answers }: RememberedQuery, { query }: HttpRequest): Reply {
  if (!query.has("expand")) return json(answers.map((_, at) => String(at)));
  const format = tagFormatOfQuery(query, "full");
  return json(answers.map((answer) => answerJson(answer, format)));
}

/** Orthanc lists `query-study`, although the route is `query-studies`. */
function answerOperations(level: Level): readonly string[] {
  const below = childQueries.filter((child) => isBelow(child.level, level));
  return ["content", "retrieve", ...below.map(({ name }) => name.replace("studies", "study"))];
}

function isBelow(level: Level, other: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(other);
}

async function queryBelow(parts: QueriesRoutesParts, request: HttpRequest, level: Level): Promise<Reply> {
  const parent = rememberedQuery(parts, request);
  const answer = answerOf(parent, request);
  if (!isBelow(level, parent.level)) {
    throw new ServerError("UnknownResource", `there is no level ${level} below ${parent.level}`);
  }
  const body = await readModalityJson(request, { empty: undefined });
  const identified = parentKeys[parent.level].map((key): [Tag, string] => [key, answer.text(key) ?? ""]);
  const keys = new Map([...readQueryKeys(body), ...identified]);
  return runQuery(parts, { name: parent.name, modality: parent.modality, level, keys }, modalityFields(body));
}
