import { createSecureContext, type SecureVersion, type TlsOptions } from "node:tls";
import { ServerError } from "../util/errors.ts";

/** HTTPS of the server. */
export interface ServerTls {
  /** `SslCertificate`: PEM text of certificate, chain and private key in one. */
  readonly certificate: string;
  /** `SslMinimumProtocolVersion`, 0 to 5: 4 is TLS 1.2, 5 is TLS 1.3; older ones where OpenSSL still has them. */
  readonly minimumProtocolVersion: number;
  /** `SslCiphersAccepted`, as OpenSSL names them; undefined: Orthanc's list. */
  readonly ciphers?: readonly string[] | undefined;
  /** `SslTrustedClientCertificates`, PEM text, with `SslVerifyPeers`: only clients with such a certificate get in. */
  readonly trustedClientCertificates?: string | undefined;
}

const minimumVersions: readonly SecureVersion[] = ["TLSv1", "TLSv1", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

const defaultCiphers = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES256-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES256-SHA384",
  "ECDHE-RSA-AES128-SHA256",
  "ECDHE-RSA-AES128-SHA",
  "ECDHE-RSA-AES256-SHA",
  "DHE-RSA-AES256-SHA",
  "DHE-RSA-AES128-SHA",
  "AES256-SHA",
  "AES128-SHA",
];

/** Without them in the list, Node.js would switch TLS 1.3 off; Orthanc's list is for TLS 1.2 only. */
const tls13Ciphers = ["TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"];

/** Options for `https.createServer`; SslInitialization naming the option when a PEM text is not usable. */
export function serverTlsOptions(tls: ServerTls): TlsOptions {
  const minVersion = minimumVersions[tls.minimumProtocolVersion];
  if (minVersion === undefined) {
    throw new ServerError(
      "SslInitialization",
      `SslMinimumProtocolVersion must be 0 to 5, but is ${tls.minimumProtocolVersion}`,
    );
  }
  checkPem(tls.certificate, "SslCertificate", ["CERTIFICATE", "PRIVATE KEY"]);
  const options: TlsOptions = {
    cert: tls.certificate,
    key: tls.certificate,
    minVersion,
    ciphers: [...tls13Ciphers, ...(tls.ciphers ?? defaultCiphers)].join(":"),
    honorCipherOrder: true,
    ...clientVerification(tls.trustedClientCertificates),
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "";
    throw new ServerError("SslInitialization", `SslCertificate or SslCiphersAccepted cannot be used: ${reason}`, {
      cause,
    });
  }
  return options;
}

function clientVerification(trusted: string | undefined): TlsOptions {
  if (trusted === undefined) return {};
  checkPem(trusted, "SslTrustedClientCertificates", ["CERTIFICATE"]);
  return { ca: trusted, requestCert: true, rejectUnauthorized: true };
}

function checkPem(text: string, option: string, contents: readonly string[]): void {
  const missing = contents.find((content) => !new RegExp(`-----BEGIN [A-Z ]*${content}-----`).test(text));
  if (missing === undefined) return;
  throw new ServerError("SslInitialization", `${option}: the PEM file has no ${missing.toLowerCase()}`);
}
