import { createSecureContext, type ConnectionOptions, type SecureContextOptions, type TlsOptions } from "node:tls";
import { ServerError } from "../util/errors.ts";
import { checkPem, minimumTlsVersion, tls13Ciphers } from "../util/tls-options.ts";
import type { DicomTls } from "./tls.ts";

/** BCP 195 wants TLS 1.2 (RFC 9325 §3.1). */
const bcp195Version = "TLSv1.2";

/** BCP 195 (RFC 9325 §4.2): forward secrecy and authenticated encryption only. */
const bcp195Ciphers = [
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
  "DHE-RSA-AES256-GCM-SHA384",
  "DHE-RSA-AES128-GCM-SHA256",
];

/** Options for `tls.createServer`. Throws `SslInitialization` that names the option at fault. */
export function acceptorTlsOptions(tls: DicomTls): TlsOptions {
  if (tls.remoteCertificateRequired && tls.trustedCertificates === undefined) {
    throw unusable("DicomTlsTrustedCertificates", "it must be set, since DicomTlsRemoteCertificateRequired is true");
  }
  const verification = {
    requestCert: tls.remoteCertificateRequired,
    rejectUnauthorized: tls.remoteCertificateRequired,
  };
  return { ...secureContext(tls), honorCipherOrder: true, ...verification };
}

/**
 * Options for `tls.connect`: the other side's certificate must come from a trusted authority, whatever host it names, as
 * certificates of modalities seldom name one. Throws as `acceptorTlsOptions`.
 */
export function requestorTlsOptions(tls: DicomTls): ConnectionOptions {
  const rejectUnauthorized = tls.trustedCertificates !== undefined;
  return { ...secureContext(tls), rejectUnauthorized, checkServerIdentity: () => undefined };
}

function secureContext(tls: DicomTls): SecureContextOptions {
  const { minimumProtocolVersion } = tls;
  const minVersion =
    minimumProtocolVersion === 0
      ? bcp195Version
      : minimumTlsVersion("DicomTlsMinimumProtocolVersion", minimumProtocolVersion);
  const ciphers = [...tls13Ciphers, ...(tls.ciphers ?? bcp195Ciphers)].join(":");
  const { certificate: cert, privateKey: key, trustedCertificates: ca } = tls;
  checkPem("DicomTlsCertificate", cert, "CERTIFICATE");
  checkPem("DicomTlsPrivateKey", key, "PRIVATE KEY");
  if (ca !== undefined) checkPem("DicomTlsTrustedCertificates", ca, "CERTIFICATE");
  const options = { cert, key, minVersion, ciphers, ...(ca !== undefined && { ca }) };
  const cause = failureOf(options);
  if (cause === undefined) return options;
  const parts: Readonly<Record<string, SecureContextOptions>> = {
    DicomTlsCiphersAccepted: { ciphers },
    DicomTlsTrustedCertificates: ca === undefined ? {} : { ca },
    DicomTlsCertificate: { cert },
  };
  // A key is at fault when all others are not.
  const option = Object.keys(parts).find((name) => failureOf(parts[name]) !== undefined) ?? "DicomTlsPrivateKey";
  throw unusable(option, `it cannot be used: ${cause.message}`, cause);
}

/** Why OpenSSL does not take the options; undefined when it does. */
function failureOf(options: SecureContextOptions | undefined): Error | undefined {
  try {
    createSecureContext(options);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function unusable(option: string, why: string, cause?: unknown): ServerError {
  return new ServerError("SslInitialization", `${option}: ${why}`, { cause });
}
