import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { openApi, type OpenApiSubject } from "./openapi.ts";

/** `/tools/openapi`: all routes of this server, its plugins' and this one too, as OpenAPI describes them. */
export function openApiRoutes(routes: readonly Route[], subject: OpenApiSubject): readonly Route[] {
  const own: Route = {
    method: "GET",
    path: "/tools/openapi",
    tag: "System",
    summary: "Description of the REST API (OpenAPI)",
    handle: () => json(openApi([...routes, own], subject)),
  };
  return [own];
}
