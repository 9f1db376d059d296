import type { HttpRequest } from "./route.ts";

/** The way from the address of a request up to `/`: locations are relative, since a proxy may have put another path in front. */
export function pathToRoot({ path }: Pick<HttpRequest, "path">): string {
  return "../".repeat(path.split("/").length - 2);
}
