import type { AttributeQuery, FoundMatch } from "../archive/find.ts";
import type { HttpRequest, Reply, Route, RouteParameter } from "../http/route.ts";
import { jsonModelType, wantsXml } from "./answer-format.ts";
import { dicomWebUrl } from "./base-url.ts";
import type { DicomWebOptions } from "./options.ts";
import { writeMatches } from "./qido-answer.ts";
import type { QidoLevel } from "./qido-fields.ts";
import { parseQidoQuery } from "./qido-parameters.ts";
import { xmlModels } from "./xml-answer.ts";

export interface QidoParts {
  /** `findResources` of the archive. */
  readonly find: (query: AttributeQuery) => Promise<readonly FoundMatch[]>;
  readonly options: DicomWebOptions;
}

const parameters: readonly RouteParameter[] = [
  { name: "limit", in: "query", type: "number", summary: "Matches at most; 0: all" },
  { name: "offset", in: "query", type: "number", summary: "Matches to be left out" },
  { name: "includefield", in: "query", type: "string", summary: "Attributes to be returned, or all" },
  { name: "fuzzymatching", in: "query", type: "boolean", summary: "Accepted, without effect" },
  { name: "{attribute}", in: "query", type: "string", summary: "To be matched: keyword or ggggeeee" },
];

/** QIDO-RS (PS3.18 §10.6). */
export function qidoRoutes(parts: QidoParts): readonly Route[] {
  const { root } = parts.options;
  const searches: readonly { readonly path: string; readonly level: QidoLevel }[] = [
    { path: "studies", level: "Study" },
    { path: "series", level: "Series" },
    { path: "instances", level: "Instance" },
    { path: "studies/{study}/series", level: "Series" },
    { path: "studies/{study}/instances", level: "Instance" },
    { path: "studies/{study}/series/{series}/instances", level: "Instance" },
  ];
  return searches.map(({ path, level }) => ({
    method: "GET",
    path: `${root}${path}`,
    tag: "DICOMweb",
    summary: `Search at the level of ${level.toLowerCase()} (QIDO-RS)`,
    parameters,
    handle: async (request) => await search(parts, level, request),
  }));
}

async function search({ find, options }: QidoParts, level: QidoLevel, request: HttpRequest): Promise<Reply> {
  const { study, series } = request.parameters;
  const query = parseQidoQuery(level, request.query, { study, series });
  const matches = await find({
    level,
    attributes: [...query.attributes],
    caseSensitive: options.qidoCaseSensitive,
    requestedTags: [...query.fields],
    include: {},
    ...(query.offset === 0 ? {} : { since: query.offset }),
    ...(query.limit === 0 ? {} : { limit: query.limit }),
  });
  const models = writeMatches(query, matches, dicomWebUrl(request, options));
  return wantsXml(request.headers.accept) ? xmlModels(models) : { type: jsonModelType, body: `[${models.join(",")}]` };
}
