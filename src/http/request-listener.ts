import type { IncomingMessage, ServerResponse } from "node:http";
import type { Log } from "../util/log.ts";
import type { Metrics } from "../util/metrics.ts";
import { createAnswerer, type AccessRules, type Incoming } from "./answer.ts";
import { compressed } from "./compression.ts";
import { errorReply } from "./error-reply.ts";
import { HttpStatusError } from "./http-status-error.ts";
import { jsonToXml, wantsXml, xmlType } from "./json-to-xml.ts";
import { jsonType } from "./reply.ts";
import { hasBody, RequestBody } from "./request-body.ts";
import { parseTarget } from "./request-target.ts";
import type { Reply, Route } from "./route.ts";
import { BrokenAnswer, sendReply, type After } from "./send-reply.ts";

/** The rules for every request. */
export interface RequestRules extends AccessRules {
  /** `KeepAlive`. */
  readonly keepAlive: boolean;
  /** `MaximumRequestBodySizeMB`, in bytes. */
  readonly maximumRequestBodySize: number;
  /** `HttpDescribeErrors`: error JSON, else empty bodies. */
  readonly describeErrors: boolean;
  /** `HttpCompressionEnabled`. */
  readonly compression: boolean;
  /** Told of every request; nobody when absent. */
  readonly metrics?: Pick<Metrics, "duration" | "add"> | undefined;
}

const activeRequests = "orthanc_rest_api_active_requests";

/** Answers one request; `expectsContinue` when the client waits for `100 Continue`. Never rejects. */
export type RequestListener = (
  message: IncomingMessage,
  response: ServerResponse,
  expectsContinue: boolean,
) => Promise<void>;

/** The whole way of a request: to its handler, and the answer back. `isClosing` says that no connection shall be kept. */
export function createRequestListener(
  rules: RequestRules,
  routes: readonly Route[],
  log: Log,
  isClosing: () => boolean,
): RequestListener {
  const answer = createAnswerer(rules, routes, log);

  function failure(error: unknown, { message, target }: Incoming): Reply {
    return errorReply(error, { method: message.method ?? "", path: target.path }, rules.describeErrors, log);
  }

  function afterReply(body: RequestBody | undefined): After {
    const unread = body?.unread() ?? "nothing";
    if (unread === "refuse") return "linger";
    if (unread === "unsent") return "close";
    if (unread === "skip") body?.skip();
    return rules.keepAlive && !isClosing() ? "keep" : "close";
  }

  async function replyTo(incoming: Incoming): Promise<Reply> {
    try {
      const reply = await answer(incoming);
      // The limit stands, whatever the handler made of a body that was cut off.
      if (incoming.body?.tooLarge === true) throw new HttpStatusError(413);
      return await negotiated(reply, incoming.message, rules.compression);
    } catch (error) {
      return failure(incoming.body?.tooLarge === true ? new HttpStatusError(413) : error, incoming);
    }
  }

  async function serve(incoming: Incoming): Promise<void> {
    const { response, body } = incoming;
    const reply = await replyTo(incoming);
    try {
      await sendReply(response, reply, afterReply(body));
    } catch (error) {
      if (error instanceof BrokenAnswer || response.headersSent) throw error;
      await sendReply(response, failure(error, incoming), afterReply(body));
    }
  }

  return async (message, response, expectsContinue) => {
    const start = performance.now();
    rules.metrics?.add(activeRequests, 1);
    const target = parseTarget(message.url ?? "/");
    const limit = rules.maximumRequestBodySize;
    const body = hasBody(message) ? new RequestBody(message, response, limit, expectsContinue) : undefined;
    try {
      await serve({ message, response, target, body });
    } catch (error) {
      log.error(`${message.method} ${target.path}: the answer could not be sent`, { error });
      response.destroy();
    }
    const duration = performance.now() - start;
    rules.metrics?.add(activeRequests, -1);
    rules.metrics?.duration("orthanc_rest_api_duration_ms", duration);
    log.info(`${message.method} ${target.path} ${response.statusCode} ${duration.toFixed(1)} ms`);
  };
}

/** The reply in the form that the client asked for. */
async function negotiated(reply: Reply, message: IncomingMessage, compression: boolean): Promise<Reply> {
  const { accept, "accept-encoding": acceptEncoding } = message.headers;
  const shown = wantsXml(accept) ? asXml(reply) : reply;
  return compression ? compressed(shown, acceptEncoding?.toString()) : shown;
}

function asXml(reply: Reply): Reply {
  if (reply.type !== jsonType || typeof reply.body !== "string") return reply;
  return { ...reply, type: xmlType, body: jsonToXml(reply.body) };
}
