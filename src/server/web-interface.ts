import { resolve } from "node:path";
import { redirect } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { staticFiles } from "../http/static.ts";

const tag = "Web interface";

/** Where `tools/build-ui.ts` puts the built interface. */
const folder = resolve(import.meta.dirname, "../../dist-ui");

/** `/app/`: the web interface, with the address that Orthanc's users have in their bookmarks. */
export function webInterfaceRoutes(): readonly Route[] {
  const files = staticFiles({ folder });
  const serve = (request: HttpRequest): Promise<Reply> => files(request, request.parameters["path"] ?? "");
  return [
    { method: "GET", path: "/app/explorer.html", tag, summary: "The web interface", handle: () => redirect("./") },
    { method: "GET", path: "/app/{path...}", tag, summary: "Files of the web interface", handle: serve },
  ];
}
