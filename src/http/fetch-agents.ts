import { createHash } from "node:crypto";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { Agent, Dispatcher, ProxyAgent } from "undici";
import { ServerError } from "../util/errors.ts";
import type { ConnectionOptions, HttpClientOptions } from "./client.ts";

type ClientCertificate = ConnectionOptions["clientCertificate"];

/** The connection pools of a client. */
export interface FetchAgents {
  /** The pool for requests with `protocol` that show `certificate`; SslInitialization when it cannot be used. */
  get(protocol: string, certificate: ClientCertificate): Promise<Dispatcher>;
  close(): Promise<void>;
}

/** Pools are made when first needed; each keeps connections per origin, through the proxy if there is one. */
export function createFetchAgents(options: HttpClientOptions, proxy: URL | undefined): FetchAgents {
  const agents = new Map<string, Dispatcher>();
  return {
    get: async (protocol, certificate) => {
      // Loaded when it is needed: it takes some 10 MB of memory, and many servers never ask others.
      const undici = await import("undici");
      const key = `${protocol}${identity(certificate)}`;
      const known = agents.get(key);
      if (known !== undefined) return known;
      const usesTls = protocol === "https:" || proxy?.protocol === "https:";
      const tls = usesTls ? { secureContext: secureContext(options.certificateAuthorities, certificate) } : {};
      const agent = createAgent(undici, options, proxy, tls);
      agents.set(key, agent);
      return agent;
    },
    close: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
    },
  };
}

/** `HttpProxy` as a URL: `[user:password@]host:port`, with or without `http://`. */
export function parseProxy(proxy: string | undefined): URL | undefined {
  if (proxy === undefined || proxy === "") return undefined;
  const url = URL.parse(/^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new ServerError("ParameterOutOfRange", "HttpProxy must be like [user:password@]host:port");
  }
  return url;
}

interface Undici {
  readonly Agent: typeof Agent;
  readonly ProxyAgent: typeof ProxyAgent;
}

interface Tls {
  readonly secureContext?: SecureContext;
}

function createAgent(
  { Agent, ProxyAgent }: Undici,
  options: HttpClientOptions,
  proxy: URL | undefined,
  context: Tls,
): Dispatcher {
  const tls = { ...context, rejectUnauthorized: options.verifyPeers };
  // The exchange watches progress by itself; only connecting is left to undici.
  const connectTimeout = options.timeout * 1000;
  if (proxy === undefined) return new Agent({ connect: { ...tls, timeout: connectTimeout }, allowH2: false });
  return new ProxyAgent({ uri: proxy.href, requestTls: tls, proxyTls: tls, connectTimeout, allowH2: false });
}

/** Made once per pool: reading all authorities anew for every connection would cost more than the handshake. */
function secureContext(authorities: string | undefined, certificate: ClientCertificate): SecureContext {
  const own =
    certificate === undefined
      ? {}
      : {
          cert: certificate.certificate,
          key: certificate.key,
          ...(certificate.passphrase === undefined ? {} : { passphrase: certificate.passphrase }),
        };
  const ca = authorities ?? [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  try {
    return createSecureContext({ ca, ...own });
  } catch (cause) {
    const what = certificate === undefined ? "HttpsCACertificates" : "HttpsCACertificates or the client certificate";
    const reason = cause instanceof Error ? cause.message : "";
    throw new ServerError("SslInitialization", `${what} cannot be used: ${reason}`, { cause });
  }
}

function identity(certificate: ClientCertificate): string {
  if (certificate === undefined) return "";
  return createHash("sha256").update(JSON.stringify(certificate)).digest("hex");
}
