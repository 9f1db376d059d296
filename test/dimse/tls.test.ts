import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Association } from "../../src/dimse/association.ts";
import { listen } from "../../src/dimse/listen-on-port.ts";
import type { DicomListener } from "../../src/dimse/listen.ts";
import { associate } from "../../src/dimse/open-association.ts";
import type { DicomTls } from "../../src/dimse/tls.ts";
import { hasTool } from "../debian-tool.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "../tls-certificates.ts";
import { runTool, startTool, type ToolServer } from "./dcmtk.ts";
import { acceptingAll, collect, requestingAll, verification } from "./memory-association.ts";

const echo = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };

const tlsOf = ({ certificate, key }: IssuedCertificate, trusted: string): DicomTls => ({
  certificate,
  privateKey: key,
  trustedCertificates: trusted,
  remoteCertificateRequired: true,
  minimumProtocolVersion: 0,
  ciphers: undefined,
});

const open = (port: number, tls?: DicomTls): Promise<Association> =>
  associate({ ...requestingAll, host: "127.0.0.1", port, timeout: 5, ...(tls && { tls }) });

describe.skipIf(!hasTool("openssl") || !hasTool("echoscu"))("DICOM over TLS (PS3.15 §B.9)", () => {
  let folder: string;
  let authority: TestAuthority;
  let own: DicomTls;
  let foreign: DicomTls;
  let listener: DicomListener | undefined;
  let server: ToolServer | undefined;

  const write = async (name: string, issuer: TestAuthority): Promise<void> => {
    const { certificate, key } = issuer.issue({ name });
    await writeFile(join(folder, `${name}.pem`), certificate);
    await writeFile(join(folder, `${name}.key`), key);
    await writeFile(join(folder, `${name}-ca.pem`), issuer.certificate);
  };
  /** Parameters of DCMTK's programs: own key and certificate, and whom to trust. */
  const toolTls = (name: string, trusted: string): string[] => [
    "+tls",
    join(folder, `${name}.key`),
    join(folder, `${name}.pem`),
    "+cf",
    join(folder, `${trusted}-ca.pem`),
  ];

  beforeAll(async () => {
    folder = await temporaryFolder();
    authority = createTestAuthority("Hospital CA");
    const other = createTestAuthority("Other CA");
    own = tlsOf(authority.issue({ name: "greyhaven" }), authority.certificate);
    foreign = tlsOf(other.issue({ name: "foreign" }), authority.certificate);
    await write("peer", authority);
    await write("stranger", other);
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    await listener?.close(0);
    await server?.stop();
    [listener, server] = [undefined, undefined];
  });

  const start = async (tls: DicomTls): Promise<number> => {
    listener = await listen({ ...acceptingAll, port: 0, bindAddress: "127.0.0.1", tls });
    return listener.port;
  };
  it("echoscu is answered when both certificates are trusted", async () => {
    const port = await start(own);
    const { code, output } = await runTool("echoscu", "-v", ...toolTls("peer", "peer"), "127.0.0.1", String(port));
    expect(output).toContain("Received Echo Response (Success)");
    expect(code).toBe(0);
  });

  it("echoscu is not answered with a certificate of another authority, without one, or without TLS", async () => {
    const port = String(await start(own));
    const untrusted = await runTool("echoscu", ...toolTls("stranger", "peer"), "127.0.0.1", port);
    expect(untrusted.code).not.toBe(0);
    const anonymous = await runTool("echoscu", "+tla", "-ic", "127.0.0.1", port);
    expect(anonymous.code).not.toBe(0);
    const plain = await runTool("echoscu", "-to", "5", "-ta", "5", "127.0.0.1", port);
    expect(plain.code).not.toBe(0);
    expect(listener?.associations).toBe(0);
  });

  it("echoscu needs no certificate when none is required", async () => {
    const port = await start({ ...own, remoteCertificateRequired: false });
    const { code } = await runTool("echoscu", "+tla", "-ic", "127.0.0.1", String(port));
    expect(code).toBe(0);
  });

  it("storescp is called", async () => {
    server = await startTool("storescp", ...toolTls("peer", "peer"), "-od", folder);
    const association = await open(server.port, own);
    expect(await collect(association.request(echo))).toMatchObject([{ command: { Status: 0 } }]);
    await association.release();
  });

  it("storescp with a certificate of another authority is not trusted", async () => {
    server = await startTool("storescp", ...toolTls("stranger", "peer"), "-od", folder);
    await expect(open(server.port, own)).rejects.toMatchObject({ failure: "network" });
  });

  it("Greyhaven speaks with itself, in TLS 1.2 and 1.3 and with the ciphers it is told", async () => {
    for (const change of [{}, { minimumProtocolVersion: 5 }, { ciphers: ["ECDHE-ECDSA-AES256-GCM-SHA384"] }]) {
      const port = await start({ ...own, ...change });
      const association = await open(port, own);
      expect(await collect(association.request(echo))).toMatchObject([{ command: { Status: 0 } }]);
      await association.release();
      await listener?.close(0);
    }
  });

  it("an acceptor ends the handshake of a foreign requestor, and a plain one", async () => {
    const port = await start(own);
    const failed = open(port, foreign).then((association) => collect(association.request(echo)));
    await expect(failed).rejects.toMatchObject({ failure: "network" });
    await expect(open(port)).rejects.toMatchObject({ name: "AssociationError" });
  });

  it("the names of the certificate are not looked at, its authority is", async () => {
    const elsewhere = tlsOf(
      authority.issue({ name: "elsewhere", hosts: ["DNS:elsewhere.example"] }),
      authority.certificate,
    );
    const port = await start(elsewhere);
    await (await open(port, own)).release();
    await expect(open(port, { ...own, trustedCertificates: foreign.certificate })).rejects.toMatchObject({
      failure: "network",
    });
  });

  it("options that cannot be used are told at once", async () => {
    await expect(start({ ...own, privateKey: foreign.privateKey })).rejects.toMatchObject({
      errorName: "SslInitialization",
    });
    await expect(open(1, { ...own, certificate: "" })).rejects.toMatchObject({ errorName: "SslInitialization" });
  });
});
