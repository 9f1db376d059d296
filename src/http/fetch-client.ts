import type { Log } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import type { ClientRequest, ClientResponse, HttpClient, HttpClientOptions } from "./client.ts";
import { createFetchAgents, parseProxy } from "./fetch-agents.ts";
import { FetchExchange, type OutgoingExchange } from "./fetch-exchange.ts";
import { NetworkError } from "./network-error.ts";
import { redactedHeaders, redactedUrl } from "./redact.ts";

/** Methods that a server may see twice without harm (RFC 9110 §9.2.2). */
const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/** Headers that belong to a connection: ours. */
const ofTheConnection = [
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-authorization",
  "transfer-encoding",
  "upgrade",
];

/** What a broken keep-alive connection looks like. */
const brokenConnection = new Set(["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"]);

/**
 * The client for all outgoing HTTP, over undici: keep-alive connections per origin, private authorities, client certificates,
 * a proxy, timeouts of progress. Throws at once when `HttpProxy` is not usable.
 */
export function createHttpClient(options: HttpClientOptions, log: Log): HttpClient {
  const proxy = parseProxy(options.proxy);
  const agents = createFetchAgents(options, proxy);
  const verbose = options.verbose ? log : undefined;

  async function send(request: ClientRequest, url: URL, given: CredentialHeaders): Promise<ClientResponse> {
    const outgoing = prepare(request, url, given, { timeout: options.timeout, proxy: proxy?.host });
    const agent = await agents.get(url.protocol, request.connection?.clientCertificate);
    verbose?.info(`> ${outgoing.method} ${redactedUrl(url.href)}`, { headers: redactedHeaders(outgoing.headers) });
    const attempt = new FetchExchange(outgoing);
    const response = await attempt.run(agent).catch((error: unknown) => {
      if (!mayRepeat(error, outgoing, attempt)) throw error;
      verbose?.info(`The connection to ${url.host} was broken before any answer: once more`);
      return new FetchExchange(outgoing).run(agent);
    });
    verbose?.info(`< ${response.status} of ${url.host}`, { headers: redactedHeaders(response.headers) });
    return response;
  }

  return {
    request: async (request) => {
      const url = parseUrl(request.url);
      const given = await askCredentials(request, url);
      const first = await send(request, url, given);
      if (first.status !== 401 || request.credentials === undefined) return first;
      // The token may have been revoked or replaced; a second refusal is the caller's to see.
      request.credentials.rejected?.(given);
      await first.discard();
      return send(request, url, await askCredentials(request, url));
    },
    close: () => agents.close(),
  };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text);
  if (url !== null && (url.protocol === "http:" || url.protocol === "https:")) return url;
  throw new ServerError("UriSyntax", `Not an http or https URL: ${redactedUrl(text)}`);
}

type CredentialHeaders = Readonly<Record<string, string>>;

async function askCredentials(
  { credentials, method, headers = {} }: ClientRequest,
  url: URL,
): Promise<CredentialHeaders> {
  return credentials === undefined ? {} : credentials.headers({ method, url, headers });
}

function prepare(
  request: ClientRequest,
  url: URL,
  given: CredentialHeaders,
  defaults: Pick<OutgoingExchange, "timeout" | "proxy">,
): OutgoingExchange {
  const { method, body, signal, contentLength } = request;
  const headers: Record<string, string> = {
    accept: "*/*",
    "user-agent": "greyhaven",
    ...basicOf(url),
    ...lowerCase(request.headers ?? {}),
    ...lowerCase(given),
  };
  for (const name of ofTheConnection) delete headers[name];
  if (contentLength !== undefined && typeof body === "function") headers["content-length"] = String(contentLength);
  const timeout = request.connection?.timeout ?? 0;
  return {
    method,
    url,
    headers,
    body,
    signal,
    proxy: defaults.proxy,
    timeout: timeout > 0 ? timeout : defaults.timeout,
  };
}

/** `https://user:password@host/` as everybody understands it. */
function basicOf({ username, password }: URL): Record<string, string> {
  if (username === "" && password === "") return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** A server may close an idle connection just when the next request goes out on it: that one never saw the request. */
function mayRepeat(error: unknown, { method, signal }: OutgoingExchange, attempt: FetchExchange): boolean {
  if (!(error instanceof NetworkError) || signal?.aborted === true) return false;
  const { cause } = error;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return brokenConnection.has(code) && (idempotent.has(method) || attempt.nothingSent);
}
