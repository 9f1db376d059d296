import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, PEM texts. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** The common name. */
  readonly name: string;
  /** Names and addresses, as `DNS:localhost` or `IP:127.0.0.1`; none for a client. */
  readonly hosts?: readonly string[];
  /** Its validity is over. */
  readonly expired?: boolean;
}

/** A certificate authority of a test, made by the program `openssl`. */
export interface TestAuthority {
  readonly certificate: string;
  issue(request: CertificateRequest): IssuedCertificate;
}

export function createTestAuthority(name: string): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), "greyhaven-ca-"));
  try {
    openssl(folder, [...newKey("ca"), "-x509", "-days", "2", "-subj", `/CN=${name}`, "-out", "ca.pem"]);
    const certificate = readFileSync(join(folder, "ca.pem"), "utf8");
    const key = readFileSync(join(folder, "ca.key"), "utf8");
    return { certificate, issue: (request) => issue({ certificate, key }, request) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function issue(
  authority: IssuedCertificate,
  { name, hosts = [], expired = false }: CertificateRequest,
): IssuedCertificate {
  const folder = mkdtempSync(join(tmpdir(), "greyhaven-certificate-"));
  try {
    writeFileSync(join(folder, "ca.pem"), authority.certificate);
    writeFileSync(join(folder, "ca.key"), authority.key);
    writeFileSync(join(folder, "index"), "");
    writeFileSync(join(folder, "ca.cnf"), authorityConfiguration(hosts));
    openssl(folder, [...newKey("own"), "-subj", `/CN=${name}`, "-out", "own.csr"]);
    const dates = expired ? ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"] : ["-days", "2"];
    openssl(folder, ["ca", "-batch", "-notext", "-config", "ca.cnf", "-in", "own.csr", "-out", "own.pem", ...dates]);
    return {
      certificate: readFileSync(join(folder, "own.pem"), "utf8"),
      key: readFileSync(join(folder, "own.key"), "utf8"),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function newKey(name: string): string[] {
  return ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
}

function authorityConfiguration(hosts: readonly string[]): string {
  const extensions =
    hosts.length === 0 ? "" : `x509_extensions = server\n[server]\nsubjectAltName = ${hosts.join(",")}\n`;
  return [
    "[ca]\ndefault_ca = test",
    "[anything]\ncommonName = supplied",
    "[test]\ndatabase = index\nnew_certs_dir = .\nrand_serial = yes\ncertificate = ca.pem\nprivate_key = ca.key",
    `default_md = sha256\npolicy = anything\n${extensions}`,
  ].join("\n");
}

function openssl(folder: string, commandLine: readonly string[]): void {
  execFileSync("openssl", commandLine, { cwd: folder, stdio: "pipe" });
}
