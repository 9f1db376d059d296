import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { createTestAuthority } from "../tls-certificates.ts";
import { type Peer, startStoreScp, storedFiles } from "./peers.ts";

const folder = sharedData();

describe.skipIf(folder === undefined || !hasTool("storescp"))("DICOM TLS to DCMTK's storescp", () => {
  let certificates: string;
  let peer: Peer;
  const servers: Record<string, TestServer> = {};

  beforeAll(async () => {
    certificates = await mkdtemp(join(tmpdir(), "greyhaven-tls-"));
    const authority = createTestAuthority("Hospital");
    const stranger = createTestAuthority("Stranger");
    const write = async (name: string, text: string): Promise<string> => {
      await writeFile(join(certificates, name), text);
      return join(certificates, name);
    };
    const trusted = await write("trusted.pem", authority.certificate);
    const scp = authority.issue({ name: "storescp" });
    const scu = authority.issue({ name: "greyhaven" });
    peer = await startStoreScp([
      "--enable-tls",
      await write("scp.key", scp.key),
      await write("scp.pem", scp.certificate),
      "--add-cert-file",
      trusted,
    ]);
    const client = {
      DicomTlsCertificate: await write("scu.pem", scu.certificate),
      DicomTlsPrivateKey: await write("scu.key", scu.key),
    };
    const modality = { AET: "SECURE", Host: "localhost", Port: peer.port };
    const DicomModalities = { secure: { ...modality, UseDicomTls: true }, plain: { ...modality, Timeout: 2 } };
    const start = (options: object): Promise<TestServer> =>
      startTestServer({ DicomServerEnabled: false, DicomAssociationCloseDelay: 0, DicomModalities, ...options });
    servers["trusting"] = await start({ ...client, DicomTlsTrustedCertificates: trusted });
    servers["distrusting"] = await start({
      ...client,
      DicomTlsTrustedCertificates: await write("stranger.pem", stranger.certificate),
    });
    servers["without"] = await start({});
  });
  afterAll(async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()));
    await peer.stop();
    await rm(certificates, { recursive: true });
  });

  const url = (name: string): string => servers[name]?.url ?? "";

  it("sends over TLS, with certificates of both sides", async () => {
    const path = join(folder ?? "", "series", "rt-dicompyler");
    const body = readFileSync(join(path, readdirSync(path)[0] ?? ""));
    const { ID } = await askJson<{ ID: string }>(url("trusting"), "POST /instances", { body });
    await askJson(url("trusting"), "POST /modalities/secure/echo", { body: {} });
    await askJson(url("trusting"), "POST /modalities/secure/store", { body: [ID] });
    expect(await storedFiles(peer)).toHaveLength(1);
  });

  it.each([
    { server: "distrusting", modality: "secure", code: 9, why: "does not trust the modality" },
    { server: "without", modality: "secure", code: 39, why: "has no certificate" },
    { server: "trusting", modality: "plain", code: 9, why: "does not use TLS" },
  ])("fails when the server $why", async ({ server, modality, code }) => {
    const answer = await ask(url(server), `POST /modalities/${modality}/echo`, { body: {} });
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ OrthancStatus: code });
  });
});
