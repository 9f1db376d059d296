import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { createAuthenticator, parseBasicCredentials } from "./basic-authentication.ts";
import { directoryRoutes } from "./directories.ts";
import { isFormUpload, uploadForm } from "./form-upload.ts";
import { HttpStatusError } from "./http-status-error.ts";
import { IncomingRequest, remoteIp } from "./incoming-request.ts";
import { requestedMethod, webDavMethods } from "./method.ts";
import { isForgery } from "./origin-guard.ts";
import { noBody, type RequestBody } from "./request-body.ts";
import { routingPath, type RequestTarget } from "./request-target.ts";
import type { HttpRequest, Method, Reply, Route } from "./route.ts";
import { createRouter } from "./router.ts";

/** What a request goes through between authentication and its handler; a reply ends it there. */
export type Interceptor = (request: HttpRequest) => Reply | undefined | Promise<Reply | undefined>;

/** Who may ask for what. */
export interface AccessRules {
  /** `RemoteAccessAllowed`: requests from other machines. */
  readonly remoteAccessAllowed: boolean;
  /** `RegisteredUsers` (name → password); undefined: no authentication. */
  readonly users: Readonly<Record<string, string>> | undefined;
  /** Patterns of paths where GET lists the children, e.g. `/tools`. */
  readonly directories: readonly string[];
  /** Asked in this order. */
  readonly before: readonly Interceptor[];
}

/** A request as it came from the network. */
export interface Incoming {
  readonly message: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RequestTarget;
  /** Undefined when the request has none. */
  readonly body: RequestBody | undefined;
}

const unauthorized: Reply = {
  status: 401,
  headers: { "WWW-Authenticate": 'Basic realm="Orthanc Secure Area"' },
  body: "",
};

/** The way of a request to its handler, in Orthanc's order; rejects with what `errorReply` answers. */
export function createAnswerer(
  rules: AccessRules,
  routes: readonly Route[],
  log: Log,
): (incoming: Incoming) => Promise<Reply> {
  const router = createRouter([...routes, ...directoryRoutes(routes, rules.directories)]);
  const isKnown = rules.users === undefined ? () => true : createAuthenticator(rules.users);

  async function handled(route: Route, request: HttpRequest): Promise<Reply> {
    for (const interceptor of rules.before) {
      const reply = await interceptor(request);
      if (reply !== undefined) return reply;
    }
    return isFormUpload(request) ? uploadForm(route, request, log) : route.handle(request);
  }

  return async ({ message, response, target, body }) => {
    const { headers } = message;
    if (!rules.remoteAccessAllowed && !isLoopback(remoteIp(message))) return unauthorized;
    const method = requestedMethod(message.method ?? "", headers, target.query);
    if (typeof method === "number") throw new HttpStatusError(method);
    if (isForgery(method, headers)) throw new ServerError("ForbiddenAccess", "A page of another site asked for this");
    const credentials = parseBasicCredentials(headers.authorization);
    if (!isKnown(credentials)) return unauthorized;
    const match = router(routingPath(target.path));
    if (match === undefined) throw isWebDav(method) ? new HttpStatusError(404) : new ServerError("UnknownResource");
    const route = match.routes.get(method);
    if (route === undefined) return wrongMethod(method, match.allow);
    if ((method === "POST" || method === "PUT") && isUnframed(headers)) throw new HttpStatusError(411);
    body?.checkLength();
    const { parameters } = match;
    const username = credentials?.username;
    const facts = { method, path: target.path, query: target.query, parameters, username, body: body ?? noBody };
    return handled(route, new IncomingRequest(message, response, facts));
  };
}

function isWebDav(method: Method): boolean {
  return webDavMethods.some((name) => name === method);
}

/** Of the methods of WebDAV, Orthanc answers elsewhere as if there were nothing. */
function wrongMethod(method: Method, allow: string): Reply {
  if (isWebDav(method)) throw new HttpStatusError(404);
  return { status: 405, headers: { Allow: allow }, body: "" };
}

/** Neither `Content-Length` nor chunks: the end of a body could not be known. */
function isUnframed(headers: IncomingHttpHeaders): boolean {
  return headers["content-length"] === undefined && headers["transfer-encoding"] === undefined;
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
