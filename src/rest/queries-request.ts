import type { Dataset } from "../dicom/dataset.ts";
import type { HttpRequest } from "../http/route.ts";
import type { QueryHistory, RememberedQuery } from "../remotes/query-history.ts";
import { ServerError } from "../util/errors.ts";

/** What the routes of queries need. */
export interface QueriesParts {
  readonly queries: QueryHistory;
}

/** The query that the path names. Throws `UnknownResource`. */
export function rememberedQuery({ queries }: QueriesParts, request: HttpRequest): RememberedQuery {
  const { id = "" } = request.parameters;
  const query = queries.get(id);
  if (query === undefined) throw new ServerError("UnknownResource", `there is no query ${id}`);
  return query;
}

/** The answer that the path names. Throws `BadParameterType` for what is no number, `ParameterOutOfRange`. */
export function answerOf({ answers }: RememberedQuery, { parameters: { index = "" } }: HttpRequest): Dataset {
  if (!/^\d+$/.test(index)) throw new ServerError("BadParameterType", `"${index}" is no number of an answer`);
  const answer = answers[Number(index)];
  if (answer === undefined) throw new ServerError("ParameterOutOfRange", `there are ${answers.length} answers`);
  return answer;
}
