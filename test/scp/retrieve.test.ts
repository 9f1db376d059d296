import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDataset } from "../../src/dicom/write.ts";
import { buildDataset } from "../../src/dicom/build-dataset.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import type { RequestHandler } from "../../src/dimse/association.ts";
import { commandFields } from "../../src/dimse/command-set.ts";
import { hasTool } from "../debian-tool.ts";
import { runTool } from "../dimse/dcmtk.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { type Peer, startStoreScp } from "../scu/peers.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { connectTo } from "./dicom-client.ts";

const data = sharedData() ?? "";
const hasTools = ["movescu", "getscu", "storescp", "dcmsend"].every(hasTool);
const epiStudy = "1.3.12.2.1107.5.2.19.45160.30000018091720502193200000007";
const epiImages = 8;
const explicitLittleEndian = "1.2.840.10008.1.2.1";
const studyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
const mrImageStorage = "1.2.840.10008.5.1.4.1.1.4";
const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const jpegLossless = "1.2.840.10008.1.2.4.70";

describe.skipIf(data === "" || !hasTools)("retrieving", () => {
  let server: TestServer;
  let sink: Peer;
  let silent: Peer;
  beforeAll(async () => {
    sink = await startStoreScp(["--debug", "--accept-all", "--bit-preserving", "--aetitle", "SINK"]);
    // Refuses every association.
    silent = await startStoreScp(["--refuse"]);
    server = await startTestServer({
      DicomAlwaysAllowGet: true,
      DicomAlwaysAllowMove: true,
      DicomModalities: {
        sink: ["SINK", "127.0.0.1", sink.port],
        silent: ["SILENT", "127.0.0.1", silent.port],
      },
    });
    await runTool("dcmsend", "127.0.0.1", String(server.dicomPort), "+sd", "+r", join(data, "series/mr-epi-siemens"));
    const file = await readFile(join(data, "syntaxes/ct-all-syntaxes", compressedName));
    compressed = parseDicom(file, { stopAtPixelData: true }).dataset.text(0x0020000d) ?? "";
    await ask(server.url, "POST /instances", { body: file });
  });
  afterAll(async () => {
    await server.close();
    await sink.stop();
    await silent.stop();
  });

  const compressedName = "CTImage.dcm_JPEGProcess14SV1TransferSyntax_1.2.840.10008.1.2.4.70.dcm";
  let compressed = "";

  async function storedDatasets(study: string): Promise<readonly string[]> {
    const Query = { StudyInstanceUID: study };
    const ids = await askJson<readonly string[]>(server.url, "POST /tools/find", {
      body: { Level: "Instance", Query },
    });
    const files = await Promise.all(ids.map((id) => ask(server.url, `GET /instances/${id}/file`)));
    return files.map(({ bytes }) => datasetHash(bytes)).toSorted();
  }

  const move = (destination: string, ...keys: readonly string[]) =>
    runTool(
      "movescu",
      "-d",
      "-S",
      "-aet",
      "MOVER",
      "-aec",
      "ORTHANC",
      "-aem",
      destination,
      "127.0.0.1",
      String(server.dicomPort),
      ...keys.flatMap((key) => ["-k", key]),
    );

  describe("by C-MOVE", () => {
    it("sends the files as they are stored to the destination", async () => {
      const { code, output } = await move("SINK", "QueryRetrieveLevel=STUDY", `StudyInstanceUID=${epiStudy}`);
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(output.match(/0xff00: Pending/g)).toHaveLength(epiImages);
      expect(finalCounters(output)).toEqual({
        remaining: "none",
        completed: `${epiImages}`,
        failed: "0",
        warning: "0",
      });
      expect(output).toContain("0x0000: Success");
      expect(await datasetsIn(sink.folder)).toEqual(await storedDatasets(epiStudy));
      expect(sink.log()).toMatch(/Move Originator AE Title *: MOVER/);
    });

    it.each([
      { what: "nothing matches", destination: "SINK", uid: "1.2.3" },
      { what: "the destination is unknown", destination: "NOWHERE", uid: epiStudy },
      { what: "the destination refuses", destination: "SILENT", uid: epiStudy },
    ])("fails with 0xC000 when $what", async ({ destination, uid }) => {
      const { output } = await move(destination, "QueryRetrieveLevel=STUDY", `StudyInstanceUID=${uid}`);
      expect(output).toContain("0xc000: Failed: Unable to process");
      expect(output).not.toContain("0xff00");
    });

    it("as a job when SynchronousCMove is off", async () => {
      const later = await startTestServer({
        SynchronousCMove: false,
        DicomAlwaysAllowMove: true,
        DicomModalities: { sink: ["SINK", "127.0.0.1", sink.port] },
      });
      await runTool("dcmsend", "127.0.0.1", String(later.dicomPort), "+sd", "+r", join(data, "series/mr-epi-siemens"));
      const parameters = ["-d", "-S", "-aet", "MOVER", "-aem", "SINK", "127.0.0.1", String(later.dicomPort)];
      const { output } = await runTool(
        "movescu",
        ...parameters,
        "-k",
        "QueryRetrieveLevel=STUDY",
        "-k",
        `StudyInstanceUID=${epiStudy}`,
      );
      expect(output).toContain("0x0000: Success");
      const jobs = () => askJson<readonly object[]>(later.url, "GET /jobs?expand");
      await expect.poll(jobs, { timeout: 10_000 }).toMatchObject([
        {
          Type: "DicomModalityStore",
          State: "Success",
          Content: { Description: "C-MOVE", InstancesCount: epiImages, MoveOriginatorAET: "MOVER", RemoteAet: "SINK" },
        },
      ]);
      await later.close();
    });
  });

  describe("by C-GET", () => {
    it("sends the files as they are stored", async () => {
      const { output, files } = await get(...keysOf(epiStudy));
      expect(output).toContain("0x0000: Success: Sub-operations complete - No failures or warnings");
      expect(output.match(/0xff00: Pending/g)).toHaveLength(epiImages);
      expect(files.map(datasetHash).toSorted()).toEqual(await storedDatasets(epiStudy));
    });

    it("sends compressed what is taken so", async () => {
      const { statuses, datasets } = await getByOwnClient(compressed, jpegLossless);
      expect(statuses).toEqual([0xff00, 0x0000]);
      expect(datasets).toEqual(await storedDatasets(compressed));
    });

    it("decompresses for those who need that", async () => {
      const { output, files } = await get(...keysOf(compressed));
      expect(output).toContain("0x0000: Success");
      expect(files.map((file) => parseDicom(file).transferSyntaxUID)).toEqual([explicitLittleEndian]);
      const original = await readFile(
        join(
          data,
          "syntaxes/ct-all-syntaxes",
          compressedName.replace(/dcm_.*$/, "dcm_LittleEndianExplicitTransferSyntax_1.2.840.10008.1.2.1.dcm"),
        ),
      );
      expect(files.map(pixels)).toEqual([pixels(original)]);
    });

    it("fails with 0xC000 when nothing matches", async () => {
      const { output } = await get(...keysOf("1.2.3"));
      expect(output).toContain("0xc000: Failed: Unable to process");
    });

    it("ends after a C-CANCEL with 0xFE00", async () => {
      const { statuses, datasets } = await getByOwnClient(epiStudy, explicitLittleEndian, new AbortController());
      expect(statuses.at(-1)).toBe(0xfe00);
      expect(datasets.length).toBeLessThan(epiImages);
    });
  });

  async function get(
    ...parameters: readonly string[]
  ): Promise<{ readonly output: string; readonly files: readonly Buffer[] }> {
    const folder = await temporaryFolder();
    const all = [
      "-d",
      "-S",
      "-aet",
      "GETTER",
      "-aec",
      "ORTHANC",
      "-od",
      folder,
      "+B",
      "127.0.0.1",
      String(server.dicomPort),
    ];
    const { output } = await runTool("getscu", ...all, ...parameters);
    const names = await readdir(folder);
    const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
    await rm(folder, { recursive: true });
    return { output, files };
  }

  /** Retrieves images in one transfer syntax; `cancel`: sends a C-CANCEL after the first one. */
  async function getByOwnClient(study: string, transferSyntaxUID: string, cancel?: AbortController) {
    const datasets: string[] = [];
    const handle: RequestHandler = async function* ({ dataset }) {
      const hash = createHash("sha1");
      for await (const chunk of dataset ?? []) hash.update(chunk);
      datasets.push(hash.digest("hex"));
      cancel?.abort();
      yield { command: { Status: 0x0000 } };
    };
    const images = [mrImageStorage, ctImageStorage].map((abstractSyntax) => ({
      abstractSyntax,
      transferSyntaxes: [transferSyntaxUID],
      roles: { scu: false, scp: true },
    }));
    const contexts = [{ abstractSyntax: studyRootGet, transferSyntaxes: [explicitLittleEndian] }, ...images];
    const association = await connectTo(server.dicomPort, contexts, { handle });
    const identifier = buildDataset([
      { tag: 0x00080052, value: "STUDY" },
      { tag: 0x0020000d, value: study },
    ]);
    const request = {
      contextId: 1,
      command: { CommandField: commandFields["C-GET-RQ"], AffectedSOPClassUID: studyRootGet, Priority: 0 },
      dataset: writeDataset(identifier, { transferSyntaxUID: explicitLittleEndian }),
      ...(cancel === undefined ? {} : { cancel: cancel.signal }),
    };
    const responses = await Array.fromAsync(association.request(request));
    await association.release();
    return { statuses: responses.map(({ command }) => command.Status), datasets };
  }
});

/** SHA-1 of the datasets of files, in any order. */
async function datasetsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder);
  const files = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return files.map(datasetHash).toSorted();
}

const keysOf = (study: string): string[] => ["-k", "QueryRetrieveLevel=STUDY", "-k", `StudyInstanceUID=${study}`];
const pixels = (file: Buffer) => parseDicom(file).dataset.get(0x7fe00010)?.value;

function datasetHash(file: Buffer): string {
  const { datasetOffset } = parseDicom(file, { stopAtPixelData: true });
  return createHash("sha1").update(file.subarray(datasetOffset)).digest("hex");
}

/** The counters of the last response that movescu prints. */
function finalCounters(output: string): Record<string, string | undefined> {
  const last = (name: string): string | undefined =>
    [...output.matchAll(new RegExp(`${name} Suboperations +: (\\w+)`, "g"))].at(-1)?.[1];
  return {
    remaining: last("Remaining"),
    completed: last("Completed"),
    failed: last("Failed"),
    warning: last("Warning"),
  };
}
