import { json } from "./reply.ts";
import type { Route } from "./route.ts";

/** Names of the children that routes have under `path` (a pattern as in a route), sorted; variables are left out. */
export function childNames(routes: readonly Route[], path: string): string[] {
  const prefix = `${path}/`;
  const names = routes
    .filter((route) => route.path.startsWith(prefix))
    .map((route) => route.path.slice(prefix.length).split("/")[0] ?? "")
    .filter((name) => name !== "" && !name.startsWith("{"));
  return [...new Set(names)].sort();
}

/** A route for each of `paths` that lists its children, as Orthanc does for a few nodes of its tree, e.g. `/tools`. */
export function directoryRoutes(routes: readonly Route[], paths: readonly string[]): Route[] {
  return paths
    .filter((path) => !routes.some((route) => route.method === "GET" && route.path === path))
    .map((path) => ({ path, names: childNames(routes, path) }))
    .filter(({ names }) => names.length > 0)
    .map(({ path, names }) => ({
      method: "GET",
      path,
      tag: "System",
      summary: "List the operations",
      handle: () => json(names),
    }));
}
