import { ServerError } from "../util/errors.ts";

/** Where between this server and another one a request failed, from the bottom up. */
export type NetworkLayer = "dns" | "tcp" | "tls" | "proxy" | "http" | "timeout";

/** A request to another server that got no usable answer; `details` name the layer, the host and what to look at. */
export class NetworkError extends ServerError {
  readonly layer: NetworkLayer;

  constructor(layer: NetworkLayer, details: string, cause?: unknown) {
    super(layer === "timeout" ? "Timeout" : "NetworkProtocol", details, { cause });
    this.layer = layer;
  }
}

interface Failure {
  readonly layer: NetworkLayer;
  /** What happened, as the end of a sentence that begins with the host. */
  readonly text: string;
}

/** Codes of Node.js, OpenSSL and undici. */
const failures: Readonly<Record<string, Failure>> = {
  ENOTFOUND: { layer: "dns", text: "the name does not exist" },
  EAI_AGAIN: { layer: "dns", text: "the name server does not answer" },
  EAI_NODATA: { layer: "dns", text: "the name has no address" },
  ENODATA: { layer: "dns", text: "the name has no address" },
  ECONNREFUSED: { layer: "tcp", text: "the connection was refused" },
  EHOSTUNREACH: { layer: "tcp", text: "the host cannot be reached" },
  ENETUNREACH: { layer: "tcp", text: "the network cannot be reached" },
  EADDRNOTAVAIL: { layer: "tcp", text: "no local address is available" },
  ETIMEDOUT: { layer: "timeout", text: "the connection was not accepted in time" },
  UND_ERR_CONNECT_TIMEOUT: { layer: "timeout", text: "the connection was not accepted in time" },
  CERT_HAS_EXPIRED: { layer: "tls", text: "its certificate has expired" },
  CERT_NOT_YET_VALID: { layer: "tls", text: "its certificate is not valid yet (check the clock)" },
  ERR_TLS_CERT_ALTNAME_INVALID: { layer: "tls", text: "its certificate is for another host name" },
  DEPTH_ZERO_SELF_SIGNED_CERT: { layer: "tls", text: "its certificate is self-signed and not trusted" },
  SELF_SIGNED_CERT_IN_CHAIN: { layer: "tls", text: "its certificate comes from an authority that is not trusted" },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    layer: "tls",
    text: "its certificate comes from an authority that is not trusted",
  },
  UNABLE_TO_GET_ISSUER_CERT: { layer: "tls", text: "its certificate comes from an authority that is not trusted" },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    layer: "tls",
    text: "its certificate comes from an authority that is not trusted",
  },
  EPROTO: { layer: "tls", text: "the TLS handshake failed" },
  UND_ERR_PRX_TLS: { layer: "proxy", text: "the certificate of the proxy is for another host name" },
  UND_ERR_PRX_CONN: { layer: "proxy", text: "the proxy closed the connection" },
  ECONNRESET: { layer: "http", text: "the connection was reset" },
  EPIPE: { layer: "http", text: "the connection was closed while sending" },
  UND_ERR_SOCKET: { layer: "http", text: "the connection was closed before the answer was complete" },
  UND_ERR_HEADERS_OVERFLOW: { layer: "http", text: "the headers of the answer are too large" },
};

/** Failures to reach the next hop: with a proxy, that is the proxy. */
const nextHop = new Set<NetworkLayer>(["dns", "tcp"]);

/** The `NetworkError` for what undici, Node.js or OpenSSL reported about a request to `host`. */
export function networkError(error: unknown, host: string, proxy: string | undefined): NetworkError {
  if (error instanceof NetworkError) return error;
  const { layer, text } = describe(error);
  if (proxy !== undefined && nextHop.has(layer)) {
    return new NetworkError("proxy", `The proxy ${proxy} cannot be used (${layer}): ${text}`, error);
  }
  return new NetworkError(layer, `${host} (${layer}): ${text}`, error);
}

function describe(error: unknown): Failure {
  const first = error instanceof AggregateError ? (error.errors as unknown[])[0] : error;
  const message = first instanceof Error ? first.message : String(first);
  const code = first instanceof Error && "code" in first && typeof first.code === "string" ? first.code : "";
  const proxyStatus = /Proxy response \((\d+)\)|Proxy Authentication Required \((\d+)\)/.exec(message);
  if (proxyStatus !== null) {
    return {
      layer: "proxy",
      text: `the proxy answered ${proxyStatus[1] ?? proxyStatus[2]} (${proxyHint(proxyStatus)})`,
    };
  }
  if (code === "ECONNRESET" && message.includes("before secure TLS connection")) {
    return { layer: "tls", text: "the connection was closed during the TLS handshake" };
  }
  const known = failures[code];
  if (known !== undefined) return known;
  if (code.startsWith("ERR_SSL_") || code.startsWith("ERR_TLS_")) {
    return { layer: "tls", text: `the TLS handshake failed (${code})` };
  }
  if (first instanceof Error && first.name === "HTTPParserError")
    return { layer: "http", text: `the answer is not HTTP (${message})` };
  return { layer: "http", text: message };
}

function proxyHint(status: RegExpExecArray): string {
  return status.includes("407") ? "it wants a user name and a password" : "it does not connect to this host";
}
