import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { AssociationError } from "../../src/dimse/association.ts";
import { hasTool } from "../debian-tool.ts";
import { runTool } from "../dimse/dcmtk.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { serverForTest } from "../server/server-for-test.ts";
import { createTestAuthority } from "../tls-certificates.ts";
import { connectTo, statusOf } from "./dicom-client.ts";

const verification = "1.2.840.10008.1.1";
const studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";

const contexts = [verification, studyRootFind].map((abstractSyntax) => ({
  abstractSyntax,
  transferSyntaxes: [implicit],
}));
const nobody = {
  DicomAlwaysAllowEcho: false,
  DicomAlwaysAllowStore: false,
};

/** What becomes of a C-ECHO: its status, or why there is none. */
async function echo(
  { dicomPort }: TestServer,
  titles: { callingAet?: string; calledAet?: string } = {},
): Promise<number | string> {
  try {
    const association = await connectTo(dicomPort, contexts, titles);
    const status = await statusOf(association, 1, "C-ECHO-RQ", { command: { AffectedSOPClassUID: verification } });
    await association.release();
    return status;
  } catch (error) {
    if (error instanceof AssociationError) return error.failure;
    throw error;
  }
}

describe("associations", () => {
  it("are accepted from anybody, by default", async () => {
    expect(await echo(await serverForTest())).toBe(0x0000);
  });

  it("need no own title unless DicomCheckCalledAet", async () => {
    const server = await serverForTest({ DicomAet: "Greyhaven", DicomCheckCalledAet: true });
    expect(await echo(server, { calledAet: "OTHER" })).toBe("rejected");
    expect(await echo(server, { calledAet: "GREYHAVEN" })).toBe(0x0000);
  });

  it("heed the case of titles with StrictAetComparison", async () => {
    const options = { DicomAet: "Greyhaven", DicomCheckCalledAet: true, StrictAetComparison: true };
    const server = await serverForTest(options);
    expect(await echo(server, { calledAet: "GREYHAVEN" })).toBe("rejected");
  });

  it("are rejected from unknown callers when nothing is allowed to all", async () => {
    const server = await serverForTest({ ...nobody, DicomModalities: { ct: ["CT1", "10.9.8.7", 104] } });
    expect(await echo(server, { callingAet: "UNKNOWN" })).toBe("rejected");
    expect(await echo(server, { callingAet: "CT1" })).toBe(0x0000);
  });

  it("are rejected from known callers at another address with DicomCheckModalityHost", async () => {
    const modalities = { ct: ["CT1", "10.9.8.7", 104], mr: ["MR1", "127.0.0.1", 104] };
    const server = await serverForTest({ ...nobody, DicomCheckModalityHost: true, DicomModalities: modalities });
    expect(await echo(server, { callingAet: "CT1" })).toBe("rejected");
    expect(await echo(server, { callingAet: "MR1" })).toBe(0x0000);
  });

  it("are aborted by what the caller may not do", async () => {
    const server = await serverForTest({
      DicomModalities: {
        ct: { AET: "CT1", Host: "127.0.0.1", Port: 104, AllowFind: false },
        mr: ["MR1", "127.0.0.1", 104],
      },
    });
    const find = async (callingAet: string): Promise<number | string> => {
      const association = await connectTo(server.dicomPort, contexts, { callingAet });
      const dataset = Buffer.concat([Buffer.of(8, 0, 0x52, 0, 6, 0, 0, 0), Buffer.from("STUDY ")]);
      try {
        return await statusOf(association, 3, "C-FIND-RQ", {
          command: { AffectedSOPClassUID: studyRootFind },
          dataset,
        });
      } catch (error) {
        return error instanceof AssociationError ? error.failure : String(error);
      } finally {
        await association.release();
      }
    };
    expect(await find("UNKNOWN")).toBe("aborted");
    expect(await find("CT1")).toBe("aborted");
    expect(await find("MR1")).toBe(0x0000);
  });

  it("know modalities that were put by REST", async () => {
    const server = await serverForTest(nobody);
    expect(await echo(server, { callingAet: "NEW" })).toBe("rejected");
    await ask(server.url, "PUT /modalities/new", { body: { AET: "NEW", Host: "127.0.0.1", Port: 104 } });
    expect(await echo(server, { callingAet: "new" })).toBe(0x0000);
  });

  it.skipIf(!hasTool("echoscu"))("are made by echoscu", async () => {
    const server = await serverForTest();
    const { code, output } = await runTool("echoscu", "-v", "127.0.0.1", String(server.dicomPort));
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("Received Echo Response (Success)") as string,
    });
  });

  it.skipIf(!hasTool("openssl"))("need TLS with DicomTlsEnabled", async () => {
    const authority = createTestAuthority("Hospital");
    const { certificate, key } = authority.issue({ name: "greyhaven" });
    const files = { "own.pem": certificate, "own.key": key, "ca.pem": authority.certificate };
    const tls = {
      DicomTlsEnabled: true,
      DicomTlsCertificate: "own.pem",
      DicomTlsPrivateKey: "own.key",
      DicomTlsTrustedCertificates: "ca.pem",
    };
    const server = await startTestServer(tls, { files });
    const own = `${server.folder}/own`;
    const parameters = [
      "+tls",
      `${own}.key`,
      `${own}.pem`,
      "+cf",
      `${server.folder}/ca.pem`,
      "127.0.0.1",
      String(server.dicomPort),
    ];
    expect((await runTool("echoscu", ...parameters)).code).toBe(0);
    expect(await echo(server)).not.toBe(0x0000);
    await server.close();
    await expect(startTestServer({ DicomTlsEnabled: true })).rejects.toMatchObject({ errorName: "SslInitialization" });
  });
});

it("the threads and what took long are told to Prometheus", async () => {
  const server = await serverForTest({ DicomThreadsCount: 7, DicomAlwaysAllowFind: true });
  const association = await connectTo(server.dicomPort, contexts);
  const command = { AffectedSOPClassUID: studyRootFind };
  const dataset = Buffer.concat([Buffer.of(8, 0, 0x52, 0, 6, 0, 0, 0), Buffer.from("STUDY ")]);
  expect(await statusOf(association, 3, "C-FIND-RQ", { command, dataset })).toBe(0x0000);
  await association.release();
  const metrics = (await ask(server.url, "GET /tools/metrics-prometheus")).text();
  expect(metrics).toMatch(/^orthanc_available_dicom_threads 7 \d+$/m);
  expect(metrics).toMatch(/^orthanc_find_scp_duration_ms \d+ \d+$/m);
});

describe("the port", () => {
  it("is not opened with DicomServerEnabled off", async () => {
    expect((await serverForTest({ DicomServerEnabled: false })).dicomPort).toBe(0);
  });

  it("that is taken stops the start", async () => {
    const other = createServer().listen(0);
    await once(other, "listening");
    const address = other.address();
    const DicomPort = typeof address === "object" && address !== null ? address.port : 0;
    await expect(startTestServer({ DicomPort })).rejects.toMatchObject({ errorName: "DicomPortInUse" });
    other.close();
  });
});

describe("presentation contexts", () => {
  const ct = { abstractSyntax: ctImageStorage, transferSyntaxes: [explicit] };
  const unknown = { abstractSyntax: "1.2.3.4", transferSyntaxes: [explicit] };
  const accepted = async ({ dicomPort }: TestServer): Promise<string[]> => {
    const association = await connectTo(dicomPort, [contexts[0] ?? ct, ct, unknown]);
    await association.release();
    return association.contexts.map(({ abstractSyntax }) => abstractSyntax);
  };

  it("follow /tools/accepted-transfer-syntaxes", async () => {
    const server = await serverForTest();
    expect(await accepted(server)).toEqual([verification, ctImageStorage]);
    const put = { body: '["1.2.840.10008.1.2.4.*"]' };
    await ask(server.url, "PUT /tools/accepted-transfer-syntaxes", put);
    expect(await askJson<string[]>(server.url, "GET /tools/accepted-transfer-syntaxes")).toContain(
      "1.2.840.10008.1.2.4.50",
    );
    expect(await accepted(server)).toEqual([verification]);
  });

  it("follow /tools/unknown-sop-class-accepted", async () => {
    const server = await serverForTest();
    await ask(server.url, "PUT /tools/unknown-sop-class-accepted", { body: "1" });
    expect(await accepted(server)).toEqual([verification, ctImageStorage, "1.2.3.4"]);
  });

  it.each([
    { options: { RejectedSopClasses: [ctImageStorage] }, isTaken: false },
    { options: { RejectSopClasses: [ctImageStorage] }, isTaken: false },
    { options: { AcceptedSopClasses: ["1.2.840.10008.5.1.4.1.1.4"] }, isTaken: false },
    { options: { AcceptedSopClasses: [ctImageStorage] }, isTaken: true },
    { options: { AcceptedTransferSyntaxes: ["1.2.840.10008.1.2.4.50"] }, isTaken: false },
  ])("follow $options", async ({ options, isTaken }) => {
    const server = await serverForTest(options);
    expect((await accepted(server)).includes(ctImageStorage)).toBe(isTaken);
    const classes = await askJson<string[]>(server.url, "GET /tools/accepted-sop-classes");
    expect(classes.includes(ctImageStorage)).toBe(isTaken || options.AcceptedTransferSyntaxes !== undefined);
  });
});
