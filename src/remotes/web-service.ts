import type { ClientRequest, ClientResponse, ConnectionOptions, HttpClient } from "../http/client.ts";
import { ServerError } from "../util/errors.ts";

/** A server elsewhere that is reached over HTTP: what Orthanc's definitions of peers and of DICOMweb servers have in common. */
export interface WebService {
  /** With a trailing slash. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly certificateFile?: string;
  readonly certificateKeyFile?: string;
  readonly certificateKeyPassword?: string;
  readonly pkcs11: boolean;
  /** Seconds; 0: the client's default. */
  readonly timeout: number;
  /** Other keys of the definition, shown again by `?expand`. */
  readonly userProperties: Readonly<Record<string, string>>;
}

/** The servers of one kind, by name. */
export interface WebServices<Service> {
  names(): readonly string[];
  get(name: string): Service | undefined;
  /** Adds or replaces. */
  put(name: string, service: Service): Promise<void>;
  /** False when unknown. */
  delete(name: string): Promise<boolean>;
}

export interface WebServiceClientParts {
  readonly http: HttpClient;
  /** Reads a small text file (a client certificate, a key) given by a configuration path. */
  readonly readText: (path: string) => Promise<string>;
}

/** Sends a request with the headers, password, certificate and timeout of the service; headers of the request go before those. */
export async function sendToService(
  { http, readText }: WebServiceClientParts,
  service: WebService,
  request: ClientRequest,
): Promise<ClientResponse> {
  return await http.request({
    ...request,
    headers: mergeHeaders(service.httpHeaders, basicCredentials(service), request.headers ?? {}),
    connection: await connectionOptions(service, readText),
  });
}

/**
 * `path` (a leading slash is ignored) below `base`, with `queryArguments` added to its query string.
 * @throws ServerError BadRequest when the path leads out of the base: credentials go nowhere else
 */
export function requestUrl(base: string, path: string, queryArguments: Readonly<Record<string, string>> = {}): string {
  const text = base + path.replace(/^\/+/, "");
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !url.href.startsWith(new URL(base).href)) {
    throw new ServerError("BadRequest", `"${path}" does not lead below the URL of the server`);
  }
  for (const [name, value] of Object.entries(queryArguments)) {
    url.searchParams.append(name, value);
  }
  return url.href;
}

/** Later ones win, whatever the case of their names. */
function mergeHeaders(...sources: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const merged = sources.flatMap((source) =>
    Object.entries(source).map(([name, value]): [string, string] => [name.toLowerCase(), value]),
  );
  return Object.fromEntries(merged);
}

function basicCredentials({ username, password }: WebService): Record<string, string> {
  if (username === undefined) return {};
  const pair = Buffer.from(`${username}:${password ?? ""}`, "utf8").toString("base64");
  return { authorization: `Basic ${pair}` };
}

async function connectionOptions(
  service: WebService,
  readText: (path: string) => Promise<string>,
): Promise<ConnectionOptions> {
  const timeout = service.timeout > 0 ? { timeout: service.timeout } : {};
  if (service.certificateFile === undefined) return timeout;
  const certificate = await readText(service.certificateFile);
  // A certificate file may hold its own key, as curl allows.
  const key = service.certificateKeyFile === undefined ? certificate : await readText(service.certificateKeyFile);
  const passphrase = service.certificateKeyPassword === undefined ? {} : { passphrase: service.certificateKeyPassword };
  return { ...timeout, clientCertificate: { certificate, key, ...passphrase } };
}
