import { createPrivateKey, X509Certificate } from "node:crypto";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasTool, toolPath } from "../debian-tool.ts";
import { createServerCertificate } from "./certificate-authority.ts";

const made = createServerCertificate(["localhost", "127.0.0.1", "::1"]);

test("Node reads what was written", () => {
  const authority = new X509Certificate(made.certificateAuthority);
  const certificate = new X509Certificate(made.certificate);
  expect(authority.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.checkIssued(authority)).toBe(true);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.checkPrivateKey(createPrivateKey(made.privateKey))).toBe(true);
  expect(certificate.checkHost("localhost")).toBe("localhost");
  expect(certificate.checkHost("example.org")).toBeUndefined();
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.checkIP("::1")).toBe("::1");
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.now() + 300 * 86_400_000);
});

test("no two authorities are the same", () => {
  const other = createServerCertificate(["localhost"]);
  const authority = new X509Certificate(other.certificateAuthority);
  expect(new X509Certificate(made.certificate).verify(authority.publicKey)).toBe(false);
});

describe.skipIf(!hasTool("openssl"))("OpenSSL", () => {
  test("accepts the chain under its strict rules", () => {
    const folder = mkdtempSync(join(tmpdir(), "greyhaven-certificate-"));
    try {
      const [authority, certificate] = [join(folder, "ca.pem"), join(folder, "server.pem")];
      writeFileSync(authority, made.certificateAuthority);
      writeFileSync(certificate, made.certificate);
      const rules = ["-x509_strict", "-purpose", "sslserver", "-verify_hostname", "localhost"];
      const verify = ["verify", ...rules, "-CAfile", authority, certificate];
      expect(execFileSync(toolPath("openssl") ?? "", verify).toString()).toContain(": OK");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
