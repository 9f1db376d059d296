/** DICOM over TLS (PS3.15 §B, BCP 195). PEM texts. */
export interface DicomTls {
  /** `DicomTlsCertificate` and `DicomTlsPrivateKey`. */
  readonly certificate: string;
  readonly privateKey: string;
  /** `DicomTlsTrustedCertificates`: who the other side may be. Undefined: no check is possible. */
  readonly trustedCertificates: string | undefined;
  /** `DicomTlsRemoteCertificateRequired`: a client without a certificate is refused. */
  readonly remoteCertificateRequired: boolean;
  /** `DicomTlsMinimumProtocolVersion`, 0 to 5; 0: BCP 195. */
  readonly minimumProtocolVersion: number;
  /** `DicomTlsCiphersAccepted`, OpenSSL's names; undefined: those of BCP 195. */
  readonly ciphers: readonly string[] | undefined;
}
