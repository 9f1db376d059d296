import type { Route, RouteParameter } from "../http/route.ts";

/** What the description says of the whole. */
export interface OpenApiSubject {
  readonly title: string;
  readonly version: string;
}

type Json = Record<string, unknown>;

const restOfPath = /\{([^{}/]+)\.\.\.\}/g;
/** OpenAPI knows no methods of WebDAV but these. */
const describedMethods: ReadonlySet<string> = new Set(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]);

/** The routes as OpenAPI 3.1 describes them: everything comes from the rows of the route table. */
export function openApi(routes: readonly Route[], { title, version }: OpenApiSubject): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes.filter(({ method }) => describedMethods.has(method))) {
    const path = route.path.replaceAll(restOfPath, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, path) };
  }
  return {
    openapi: "3.1.0",
    info: { title, version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    tags: [...new Set(routes.map(({ tag }) => tag))].toSorted().map((name) => ({ name })),
    paths,
  };
}

function operation({ method, tag, summary, parameters = [] }: Route, path: string): Json {
  const inBody = parameters.filter(({ in: place }) => place === "body");
  const others = parameters.filter(({ in: place }) => place !== "body");
  const takesBody = inBody.length > 0 || method === "POST" || method === "PUT";
  return {
    tags: [tag],
    summary,
    operationId: `${method.toLowerCase()}${path.replaceAll(/[{}]/g, "").replaceAll(/[^A-Za-z0-9]+/g, "_")}`,
    parameters: [...pathVariables(path), ...others.map(described)],
    ...(takesBody ? { requestBody: requestBody(inBody) } : {}),
    responses: {
      200: { description: "Done" },
      default: {
        description: "An error, described as Orthanc does it",
        content: { "text/plain": { schema: errorSchema } },
      },
    },
  };
}

function pathVariables(path: string): readonly Json[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
}

function described({ name, in: place, type, summary }: RouteParameter): Json {
  return { name, in: place, description: summary, schema: { type } };
}

function requestBody(fields: readonly RouteParameter[]): Json {
  if (fields.length === 0) return { content: { "*/*": {} } };
  const properties = Object.fromEntries(
    fields.map(({ name, type, summary }) => [name, { type, description: summary }]),
  );
  return { content: { "application/json": { schema: { type: "object", properties } } } };
}

const errorSchema: Json = {
  type: "object",
  properties: {
    Details: { type: "string" },
    HttpError: { type: "string" },
    HttpStatus: { type: "integer" },
    Message: { type: "string" },
    Method: { type: "string" },
    OrthancError: { type: "string" },
    OrthancStatus: { type: "integer" },
    Uri: { type: "string" },
  },
};
