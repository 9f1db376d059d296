import type { Origin } from "../archive/archive.ts";
import type { HttpRequest } from "../http/route.ts";

/** Who brings an instance by the REST API. */
export function originOf({ remoteIp, username }: HttpRequest): Origin {
  return { kind: "RestApi", remoteIp, ...(username === undefined ? {} : { username }) };
}
