import type { Configuration } from "../config/options.ts";
import type { DicomTls } from "../dimse/tls.ts";
import { readText } from "./read-text.ts";

/** The `DicomTls…` options with their files read; undefined without a certificate. Throws `InexistentFile`. */
export async function dicomTls(configuration: Configuration): Promise<DicomTls | undefined> {
  const { DicomTlsCertificate, DicomTlsPrivateKey, DicomTlsTrustedCertificates } = configuration;
  if (DicomTlsCertificate === undefined || DicomTlsPrivateKey === undefined) return undefined;
  return {
    certificate: await readText(DicomTlsCertificate),
    privateKey: await readText(DicomTlsPrivateKey),
    trustedCertificates:
      DicomTlsTrustedCertificates === undefined ? undefined : await readText(DicomTlsTrustedCertificates),
    remoteCertificateRequired: configuration.DicomTlsRemoteCertificateRequired,
    minimumProtocolVersion: configuration.DicomTlsMinimumProtocolVersion,
    ciphers: configuration.DicomTlsCiphersAccepted,
  };
}
