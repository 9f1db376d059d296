import { readdirSync } from "node:fs";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Association, OutgoingRequest } from "../../src/dimse/association.ts";
import { commandFields } from "../../src/dimse/command-set.ts";
import type { AssociationRequest } from "../../src/dimse/connect.ts";
import { associate } from "../../src/dimse/open-association.ts";
import { hasTool } from "../debian-tool.ts";
import { sharedData } from "../shared-data.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runTool, startTool, type ToolServer } from "./dcmtk.ts";
import { collect, collectBytes, requestingAll, studyRootFind, verification } from "./memory-association.ts";
import { ctInAllSyntaxes, ctInSyntax, readInstance, type SampleInstance } from "./sample-instances.ts";

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const studyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
const worklistFind = "1.2.840.10008.5.1.4.31";
const tooling = hasTool("storescp") && sharedData() !== undefined;

let server: ToolServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

function open(request: Partial<AssociationRequest>): Promise<Association> {
  return associate({ ...requestingAll, host: "127.0.0.1", port: server?.port ?? 0, ...request });
}

const contextOf = ({ sopClassUid, transferSyntaxUID }: SampleInstance) => ({
  abstractSyntax: sopClassUid,
  transferSyntaxes: [transferSyntaxUID],
});

const storeOf = (
  instance: SampleInstance,
  dataset: OutgoingRequest["dataset"] = instance.dataset,
): OutgoingRequest => ({
  contextId: 1,
  command: {
    CommandField: commandFields["C-STORE-RQ"],
    Priority: 0,
    AffectedSOPClassUID: instance.sopClassUid,
    AffectedSOPInstanceUID: instance.sopInstanceUid,
  },
  ...(dataset && { dataset }),
});

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.skipIf(!tooling)("storescp as SCP", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("answers C-ECHO", async () => {
    server = await startTool("storescp", "-od", folder);
    const association = await open({
      contexts: [{ abstractSyntax: verification, transferSyntaxes: ["1.2.840.10008.1.2"] }],
    });
    expect(association.peerImplementation.versionName).toMatch(/^OFFIS_DCMTK/);
    const echo = { CommandField: commandFields["C-ECHO-RQ"], AffectedSOPClassUID: verification };
    expect(await collect(association.request({ contextId: 1, command: echo }))).toMatchObject([
      { command: { Status: 0 } },
    ]);
    await association.release();
  });

  const deflated = "1.2.840.10008.1.2.1.99";
  it("stores the CT image in every transfer syntax, byte for byte", async () => {
    server = await startTool("storescp", "+xa", "+B", "-od", folder);
    let stored = 0;
    for (const instance of ctInAllSyntaxes().filter(({ transferSyntaxUID }) => transferSyntaxUID !== deflated)) {
      const association = await open({ contexts: [contextOf(instance)] });
      if (association.contexts.length > 0) {
        expect(await collect(association.request(storeOf(instance)))).toMatchObject([{ command: { Status: 0 } }]);
        const [file = ""] = readdirSync(folder);
        expect(readInstance(join(folder, file)).dataset.equals(instance.dataset)).toBe(true);
        await rm(join(folder, file));
        stored += 1;
      }
      await association.release();
    }
    // storescp does not know the retired processes of JPEG.
    expect(stored).toBeGreaterThan(10);
  });

  it.each([4096, 131072])("takes PDUs of at most %i bytes, from a stream as from a buffer", async (length) => {
    server = await startTool("storescp", "+B", "-pdu", String(length), "-od", folder);
    const instance = ctInSyntax(explicitLittleEndian);
    const association = await open({ contexts: [contextOf(instance)] });
    for (const dataset of [instance.dataset, inPieces(instance.dataset, 777), inPieces(instance.dataset, 300_000)]) {
      expect(await collect(association.request(storeOf(instance, dataset)))).toMatchObject([
        { command: { Status: 0 } },
      ]);
      const [file = ""] = readdirSync(folder);
      expect(readInstance(join(folder, file)).dataset.equals(instance.dataset)).toBe(true);
    }
    await association.release();
  });

  it.each(["--abort-after", "--abort-during"])("that aborts (%s) fails the request", async (option) => {
    server = await startTool("storescp", option, "-od", folder);
    const instance = ctInSyntax(explicitLittleEndian);
    const association = await open({ contexts: [contextOf(instance)] });
    await expect(collect(association.request(storeOf(instance)))).rejects.toMatchObject({ failure: "aborted" });
    await association.ended;
  });

  it("that refuses is told so", async () => {
    server = await startTool("storescp", "--refuse", "-od", folder);
    await expect(open({})).rejects.toMatchObject({ failure: "rejected", message: /no reason given/ });
  });

  it("that takes its time is given up", async () => {
    server = await startTool("storescp", "--sleep-during", "3", "-od", folder);
    const instance = ctInSyntax(explicitLittleEndian);
    const association = await open({ contexts: [contextOf(instance)], timeout: 1 });
    await expect(collect(association.request(storeOf(instance)))).rejects.toMatchObject({ failure: "timeout" });
  });
});

describe.skipIf(!tooling)("dcmqrscp as SCP", () => {
  let folder: string;
  const instance = tooling ? ctInSyntax(explicitLittleEndian) : undefined;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await cp(instance?.path ?? "", join(folder, "ct.dcm"));
    await runTool("dcmqridx", folder, join(folder, "ct.dcm"));
    const table = `AETable BEGIN\nARCHIVE ${folder} RW (10, 64mb) ANY\nAETable END\n`;
    await writeFile(
      join(folder, "dcmqrscp.cfg"),
      `MaxPDUSize = 16384\nMaxAssociations = 16\nHostTable BEGIN\nHostTable END\nVendorTable BEGIN\nVendorTable END\n${table}`,
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("answers C-FIND and sends by C-GET, to the role that was negotiated", async () => {
    server = await startTool("dcmqrscp", "-c", join(folder, "dcmqrscp.cfg"));
    const stored: Buffer[] = [];
    const association = await open({
      calledAet: "ARCHIVE",
      contexts: [
        { abstractSyntax: studyRootFind, transferSyntaxes: [explicitLittleEndian] },
        { abstractSyntax: studyRootGet, transferSyntaxes: [explicitLittleEndian] },
        {
          abstractSyntax: instance?.sopClassUid ?? "",
          transferSyntaxes: [explicitLittleEndian],
          roles: { scu: false, scp: true },
        },
      ],
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) stored.push(await collectBytes(dataset));
        yield { command: { Status: 0 } };
      },
    });
    expect(association.contexts.at(-1)).toMatchObject({ requestorIsSCU: false, requestorIsSCP: true });
    const find = { CommandField: commandFields["C-FIND-RQ"], Priority: 0, AffectedSOPClassUID: studyRootFind };
    const found = await collect(association.request({ contextId: 1, command: find, dataset: identifier("") }));
    expect(found.map(({ command }) => command.Status)).toEqual([0xff00, 0]);
    const uid = found[0]?.dataset?.toString("latin1").match(/UI..([\d.]+)/s)?.[1] ?? "";
    const get = { CommandField: commandFields["C-GET-RQ"], Priority: 0, AffectedSOPClassUID: studyRootGet };
    const got = await collect(association.request({ contextId: 3, command: get, dataset: identifier(uid) }));
    expect(got.at(-1)?.command).toMatchObject({ Status: 0, NumberOfCompletedSuboperations: 1 });
    expect(stored.map((bytes) => bytes.length)).toEqual([instance?.dataset.length]);
    await association.release();
  });
});

describe.skipIf(!tooling)("wlmscpfs as SCP", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder, "ACCEPTOR"));
    await cp(join(sharedData() ?? "", "worklists"), join(folder, "ACCEPTOR"), { recursive: true });
    await writeFile(join(folder, "ACCEPTOR", "lockfile"), "");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("answers C-FIND, and lets it be cancelled", async () => {
    server = await startTool("wlmscpfs", "-s", "-dfr", "-dfp", folder);
    const association = await open({
      contexts: [{ abstractSyntax: worklistFind, transferSyntaxes: [explicitLittleEndian] }],
    });
    const find = { CommandField: commandFields["C-FIND-RQ"], Priority: 0, AffectedSOPClassUID: worklistFind };
    // PatientName (0010,0010) without a value.
    const dataset = Buffer.from("10001000504e0000", "hex");
    const found = await collect(association.request({ contextId: 1, command: find, dataset }));
    expect(found.length).toBeGreaterThan(5);
    expect(found.at(-1)?.command.Status).toBe(0);
    const cancel = AbortSignal.abort();
    const cancelled = await collect(association.request({ contextId: 1, command: find, dataset, cancel }));
    expect([0, 0xfe00]).toContain(cancelled.at(-1)?.command.Status);
    await association.release();
  });
});

/** QueryRetrieveLevel STUDY and StudyInstanceUID, explicit VR little endian. */
function identifier(studyInstanceUid: string): Buffer {
  const uid = studyInstanceUid.length % 2 === 0 ? studyInstanceUid : `${studyInstanceUid}\0`;
  const element = Buffer.from("20000d0055490000", "hex");
  element.writeUInt16LE(uid.length, 6);
  return Buffer.concat([Buffer.from("0800520043530600", "hex"), Buffer.from("STUDY "), element, Buffer.from(uid)]);
}
