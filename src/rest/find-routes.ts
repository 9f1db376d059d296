import { countResources, findResources } from "../archive/find.ts";
import { json } from "../http/reply.ts";
import type { Route, RouteParameter } from "../http/route.ts";
import { type BodyReader, readFields } from "./body-fields.ts";
import { parseFindConditions, parseOrderBy } from "./find-request.ts";
import { parseRequestedTags, sectionsOf, tagFormatOfBody } from "./format-request.ts";
import { includeFor, type ResourceFormat } from "./resource-format.ts";
import { describeEach, type ResourceParts } from "./resources.ts";

const conditionParameters: readonly RouteParameter[] = [
  { name: "Level", in: "body", type: "string", summary: "Patient, Study, Series or Instance" },
  { name: "Query", in: "body", type: "object", summary: "Values to match, by tag" },
  { name: "MetadataQuery", in: "body", type: "object", summary: "Values to match, by metadata" },
  { name: "Labels", in: "body", type: "array", summary: "Labels to have" },
  { name: "LabelsConstraint", in: "body", type: "string", summary: "All (default), Any or None of the labels" },
  { name: "ParentPatient", in: "body", type: "string", summary: "Only below this patient" },
  { name: "ParentStudy", in: "body", type: "string", summary: "Only below this study" },
  { name: "ParentSeries", in: "body", type: "string", summary: "Only below this series" },
];

const answerParameters: readonly RouteParameter[] = [
  { name: "CaseSensitive", in: "body", type: "boolean", summary: "Heed the case of letters (false)" },
  { name: "Expand", in: "body", type: "boolean", summary: "Descriptions instead of ids" },
  { name: "Full", in: "body", type: "boolean", summary: "Tags by number, with name and type" },
  { name: "Short", in: "body", type: "boolean", summary: "Tags by number" },
  { name: "RequestedTags", in: "body", type: "array", summary: "Tags to give besides" },
  { name: "ResponseContent", in: "body", type: "array", summary: "Parts of the descriptions" },
  { name: "OrderBy", in: "body", type: "array", summary: "Objects of Type, Key and Direction" },
  { name: "Since", in: "body", type: "number", summary: "How many to leave out" },
  { name: "Limit", in: "body", type: "number", summary: "How many to give; 0: all" },
];

/** `/tools/find` and `/tools/count-resources`: searches by tags, metadata and labels. */
export function findRoutes(parts: ResourceParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/tools/find",
      tag: "System",
      summary: "Resources that match",
      parameters: [...conditionParameters, ...answerParameters],
      handle: async (request) => json(await find(parts, await readFields(request))),
    },
    {
      method: "POST",
      path: "/tools/count-resources",
      tag: "System",
      summary: "Number of resources that match",
      parameters: conditionParameters,
      async handle(request) {
        const conditions = parseFindConditions(await readFields(request), parts.printer.metadataNames);
        return json({ Count: await countResources(parts.find, conditions) });
      },
    },
  ];
}

async function find(parts: ResourceParts, body: BodyReader): Promise<readonly unknown[]> {
  const { metadataNames } = parts.printer;
  const conditions = parseFindConditions(body, metadataNames);
  const orderBy = parseOrderBy(body, metadataNames);
  const format = formatOfBody(body);
  const isExpanded = body.boolean("Expand", false) || body.has("ResponseContent");
  const { requestedTags } = format;
  const matches = await findResources(parts.find, {
    ...conditions,
    ...(orderBy.length === 0 ? {} : { orderBy }),
    since: body.unsigned("Since") ?? 0,
    limit: body.unsigned("Limit") ?? 0,
    include: isExpanded ? includeFor(conditions.level, format) : {},
    ...(isExpanded ? { requestedTags } : {}),
  });
  if (!isExpanded) return matches.map(({ resource }) => resource.publicId);
  return describeEach(
    parts,
    matches.map(({ resource, requestedTags: values }) => ({
      resource,
      requestedTags: requestedTags.length === 0 ? undefined : values,
    })),
    format,
  );
}

function formatOfBody(body: BodyReader): ResourceFormat {
  return {
    tags: tagFormatOfBody(body, "simple"),
    ...sectionsOf(body.strings("ResponseContent")),
    requestedTags: parseRequestedTags(body.strings("RequestedTags") ?? []),
  };
}
