import { redirect } from "../http/reply.ts";
import type { Route } from "../http/route.ts";

/** `/` leads to the web interface; the locations are relative so that they hold behind a proxy's sub-path. */
export function homeRoutes(): readonly Route[] {
  return [
    { method: "GET", path: "/", tag: "System", summary: "The web interface", handle: () => redirect("app/") },
    {
      method: "GET",
      path: "/favicon.ico",
      tag: "System",
      summary: "Icon of the web interface",
      handle: () => redirect("app/favicon.svg"),
    },
  ];
}
