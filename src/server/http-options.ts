import type { Configuration } from "../config/options.ts";
import type { HttpClientOptions } from "../http/client.ts";
import type { HttpServerOptions } from "../http/server.ts";
import { readText } from "./read-text.ts";

const megabyte = 1024 * 1024;

/** Seconds that requests in flight get when the server stops. */
const closeTimeout = 10;

/** Paths without a handler of their own that list what is below them, as in Orthanc. */
const directories = ["/tools", "/instances/{id}/frames/{frame}"];

/** The options of the HTTP server, with its certificates read. */
export async function httpServerOptions(configuration: Configuration): Promise<HttpServerOptions> {
  const {
    AuthenticationEnabled: authenticationEnabled,
    RegisteredUsers: registeredUsers,
    SslEnabled: sslEnabled,
  } = configuration;
  return {
    port: configuration.HttpPort,
    bindAddresses: configuration.HttpBindAddresses,
    keepAlive: configuration.KeepAlive,
    keepAliveTimeout: configuration.KeepAliveTimeout,
    requestTimeout: configuration.HttpRequestTimeout,
    tcpNoDelay: configuration.TcpNoDelay,
    maximumRequestBodySize: configuration.MaximumRequestBodySizeMB * megabyte,
    describeErrors: configuration.HttpDescribeErrors,
    compression: configuration.HttpCompressionEnabled,
    remoteAccessAllowed: configuration.RemoteAccessAllowed,
    users: authenticationEnabled ? registeredUsers : undefined,
    tls: sslEnabled ? await serverTls(configuration) : undefined,
    closeTimeout,
    directories,
    before: [],
  };
}

async function serverTls(configuration: Configuration): Promise<NonNullable<HttpServerOptions["tls"]>> {
  const { SslCertificate, SslVerifyPeers, SslTrustedClientCertificates } = configuration;
  return {
    certificate: await readText(SslCertificate),
    minimumProtocolVersion: configuration.SslMinimumProtocolVersion,
    ciphers: configuration.SslCiphersAccepted,
    trustedClientCertificates: SslVerifyPeers ? await readText(SslTrustedClientCertificates) : undefined,
  };
}

/** The options of the HTTP client, with its authorities read. */
export async function httpClientOptions(configuration: Configuration): Promise<HttpClientOptions> {
  const { HttpsCACertificates, HttpProxy } = configuration;
  return {
    timeout: configuration.HttpTimeout,
    verifyPeers: configuration.HttpsVerifyPeers,
    certificateAuthorities: HttpsCACertificates === "" ? undefined : await readText(HttpsCACertificates),
    proxy: HttpProxy === "" ? undefined : HttpProxy,
    verbose: configuration.HttpVerbose,
  };
}
