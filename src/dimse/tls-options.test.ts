import { beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../../test/debian-tool.ts";
import { createTestAuthority } from "../../test/tls-certificates.ts";
import { acceptorTlsOptions, requestorTlsOptions } from "./tls-options.ts";
import type { DicomTls } from "./tls.ts";

describe.skipIf(!hasTool("openssl"))("TLS options (PS3.15 §B.9)", () => {
  let tls: DicomTls;
  let otherKey: string;
  beforeAll(() => {
    const authority = createTestAuthority("Test CA");
    const { certificate, key } = authority.issue({ name: "dicom" });
    otherKey = authority.issue({ name: "other" }).key;
    tls = {
      certificate,
      privateKey: key,
      trustedCertificates: authority.certificate,
      remoteCertificateRequired: true,
      minimumProtocolVersion: 0,
      ciphers: undefined,
    };
  });

  it.each([
    [0, "TLSv1.2"],
    [2, "TLSv1"],
    [3, "TLSv1.1"],
    [4, "TLSv1.2"],
    [5, "TLSv1.3"],
  ])("DicomTlsMinimumProtocolVersion %i is %s", (minimumProtocolVersion, minVersion) => {
    expect(acceptorTlsOptions({ ...tls, minimumProtocolVersion })).toMatchObject({ minVersion });
  });

  it("ask for a trusted certificate when one is required", () => {
    expect(acceptorTlsOptions(tls)).toMatchObject({ requestCert: true, rejectUnauthorized: true });
    expect(acceptorTlsOptions({ ...tls, remoteCertificateRequired: false })).toMatchObject({ requestCert: false });
    expect(requestorTlsOptions(tls)).toMatchObject({ rejectUnauthorized: true, ca: tls.trustedCertificates });
    expect(requestorTlsOptions({ ...tls, trustedCertificates: undefined })).toMatchObject({
      rejectUnauthorized: false,
    });
  });

  it.each([
    ["DicomTlsCertificate", { certificate: "nothing" }],
    ["DicomTlsPrivateKey", { privateKey: "nothing" }],
    ["DicomTlsTrustedCertificates", { trustedCertificates: "nothing" }],
    ["DicomTlsTrustedCertificates", { trustedCertificates: undefined }],
    ["DicomTlsMinimumProtocolVersion", { minimumProtocolVersion: 6 }],
    ["DicomTlsCiphersAccepted", { ciphers: ["NO-SUCH-CIPHER"] }],
  ])("that cannot be used name %s", (option, change) => {
    expect(() => acceptorTlsOptions({ ...tls, ...change })).toThrow(
      expect.objectContaining({ errorName: "SslInitialization", details: expect.stringMatching(`^${option}\\b`) }),
    );
  });

  it("with a key of another certificate name DicomTlsPrivateKey, and do not show it", () => {
    expect(() => requestorTlsOptions({ ...tls, privateKey: otherKey })).toThrow(
      expect.objectContaining({ details: expect.stringMatching(/^DicomTlsPrivateKey: (?!.*BEGIN)/s) }),
    );
  });
});
