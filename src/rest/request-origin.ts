import type { Origin } from "../archive/archive.ts";
import type { HttpRequest } from "../http/route.ts";

/** Who brings an instance by the REST API. */
export function originOf({ asker, remoteIp, username }: HttpRequest): Origin {
  if (asker !== undefined) return { kind: asker };
  return { kind: "RestApi", remoteIp, ...(username === undefined ? {} : { username }) };
}
