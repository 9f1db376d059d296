import type { Dataset } from "../dicom/dataset.ts";
import type { Tag } from "../dicom/tag.ts";
import { readText } from "../http/body.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { RememberedQuery } from "../remotes/query-history.ts";
import type { QueryKeys } from "../remotes/query-identifier.ts";
import { sopClassesInStudy, shownKeys } from "../remotes/query-retrieve-state.ts";
import { isObject } from "./body-fields.ts";
import { modalityFields, remoteParameters } from "./modality-request.ts";
import { answerOf, type QueriesParts, rememberedQuery } from "./queries-request.ts";
import { retrieveMethod, type RetrieveParts, submitRetrieval } from "./retrieve-request.ts";

const parameters = [
  { name: "TargetAet", in: "body", type: "string", summary: "Title of who shall receive (this server); or the body" },
  { name: "RetrieveMethod", in: "body", type: "string", summary: "C-MOVE, C-GET, or SystemDefault" },
  { name: "Simplify", in: "body", type: "boolean", summary: "Print tags by name" },
  { name: "Full", in: "body", type: "boolean", summary: "Print tags by number, with name and type" },
  ...remoteParameters,
] as const;

/** Retrieves what a query has found, by C-MOVE or C-GET. */
export function queriesRetrieveRoutes(parts: QueriesParts & RetrieveParts): readonly Route[] {
  const tag = "Networking";
  return [
    {
      method: "POST",
      path: "/queries/{id}/retrieve",
      tag,
      summary: "Retrieve everything that a query has found, as a job",
      parameters,
      handle(request) {
        const query = rememberedQuery(parts, request);
        return retrieve(parts, request, query, query.answers);
      },
    },
    {
      method: "POST",
      path: "/queries/{id}/answers/{index}/retrieve",
      tag,
      summary: "Retrieve an answer, as a job",
      parameters,
      handle(request) {
        const query = rememberedQuery(parts, request);
        return retrieve(parts, request, query, [answerOf(query, request)]);
      },
    },
  ];
}

async function retrieve(
  parts: RetrieveParts,
  request: HttpRequest,
  { modality, level }: RememberedQuery,
  answers: readonly Dataset[],
): Promise<Reply> {
  const body = retrieveBody(await readText(request));
  const method = retrieveMethod(parts, modality, modalityFields(body).string("RetrieveMethod"));
  return submitRetrieval(parts, { modality, level, resources: answers.map(identifying), method }, body);
}

/** An object, or the title of the target as plain text. */
function retrieveBody(text: string): Readonly<Record<string, unknown>> {
  const target = text.trim();
  if (target === "") return {};
  try {
    const body: unknown = JSON.parse(target);
    if (isObject(body)) return body;
  } catch {
    // A title, most likely.
  }
  return { TargetAet: target };
}

/** The tags of an answer by which it is retrieved, and those that the job shows. */
function identifying(answer: Dataset): QueryKeys {
  const tags = [...shownKeys, sopClassesInStudy].filter((key) => answer.has(key));
  return new Map(tags.map((key): [Tag, string] => [key, answer.text(key) ?? ""]));
}
