import { implemented, withoutEffect } from "../option.ts";
import { boolean, count, integer, map, path, port, text, textMap, texts, unset } from "../option-types.ts";

/** The HTTP server and the HTTP client. */
export const httpOptions = {
  HttpServerEnabled: implemented(boolean, true, "Run the HTTP server"),
  HttpPort: implemented(port, 8042, "TCP port of the HTTP server; 0 lets the operating system choose"),
  HttpBindAddresses: implemented(texts, [], "Addresses to listen on; empty: all"),
  RemoteAccessAllowed: implemented(boolean, false, "Accept HTTP requests from other computers"),
  AuthenticationEnabled: implemented(boolean, false, "Ask for a registered user's name and password (HTTP Basic)", {
    sameAs: "RemoteAccessAllowed",
  }),
  RegisteredUsers: implemented(
    textMap,
    {},
    "Users and passwords; must be given when authentication is on and remote access is allowed",
    { secret: true },
  ),
  SslEnabled: implemented(boolean, false, "Serve HTTPS instead of HTTP"),
  SslCertificate: implemented(path, "certificate.pem", "PEM file with the server's certificate and private key"),
  SslVerifyPeers: implemented(boolean, false, "Demand certificates from clients"),
  SslTrustedClientCertificates: implemented(
    path,
    "trustedClientCertificates.pem",
    "PEM file of the certificates that clients are checked against",
  ),
  SslMinimumProtocolVersion: implemented(
    integer(0, 5),
    4,
    "Oldest protocol accepted: 0 any, 1 SSL 3, 2 TLS 1.0, 3 TLS 1.1, 4 TLS 1.2, 5 TLS 1.3",
  ),
  SslCiphersAccepted: implemented(unset(texts), undefined, "Ciphers to accept, by OpenSSL's names"),
  HttpDescribeErrors: implemented(boolean, true, "Describe errors in the body of the answer, as JSON"),
  HttpCompressionEnabled: implemented(boolean, false, "Compress answers for clients that accept it"),
  KeepAlive: implemented(boolean, true, "Keep connections open for further requests"),
  KeepAliveTimeout: implemented(count, 1, "Seconds that an idle connection is kept open"),
  TcpNoDelay: implemented(boolean, true, "Send small packets of HTTP at once"),
  HttpRequestTimeout: implemented(count, 30, "Seconds without any byte after which a request is given up"),
  MaximumRequestBodySizeMB: implemented(
    count,
    8192,
    "Megabytes that the body of a request may have; larger ones get 413",
  ),
  HttpThreadsCount: withoutEffect(count, 50, "Threads of Orthanc's HTTP server", {
    reason: "any number of requests is handled at the same time, and none holds a thread",
  }),
  HttpTimeout: implemented(count, 60, "Seconds without progress after which an outgoing request fails; 0: never"),
  HttpProxy: implemented(text, "", "Proxy of outgoing requests: [user:password@]host:port", { secret: true }),
  HttpVerbose: implemented(boolean, false, "Log outgoing requests in detail, without secrets"),
  HttpsVerifyPeers: implemented(boolean, true, "Check the certificates of servers in outgoing HTTPS"),
  HttpsCACertificates: implemented(
    path,
    "",
    "PEM file of trusted authorities for outgoing HTTPS; empty: the operating system's",
  ),
  Pkcs11: withoutEffect(unset(map), undefined, "Hardware token for client certificates: Module, Pin, Verbose", {
    secret: true,
    reason: "Node.js cannot use hardware tokens in TLS: give the certificate and its key as files",
    isMissed: true,
  }),
};
