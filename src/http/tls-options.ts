import { createSecureContext, type TlsOptions } from "node:tls";
import { ServerError } from "../util/errors.ts";
import { checkPem, minimumTlsVersion, tls13Ciphers } from "../util/tls-options.ts";

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

/** Orthanc's, for TLS 1.2. */
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

/** Options for `https.createServer`; SslInitialization naming the option when a PEM text is not usable. */
export function serverTlsOptions(tls: ServerTls): TlsOptions {
  const minVersion = minimumTlsVersion("SslMinimumProtocolVersion", tls.minimumProtocolVersion);
  checkPem("SslCertificate", tls.certificate, "CERTIFICATE");
  checkPem("SslCertificate", tls.certificate, "PRIVATE KEY");
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
  checkPem("SslTrustedClientCertificates", trusted, "CERTIFICATE");
  return { ca: trusted, requestCert: true, rejectUnauthorized: true };
}
