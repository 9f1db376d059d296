import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { IncomingRequest, RequestHandler } from "../../src/dimse/association.ts";
import { commandFields } from "../../src/dimse/command-set.ts";
import type { DicomListener, DicomListenerOptions } from "../../src/dimse/listen.ts";
import { listen } from "../../src/dimse/listen-on-port.ts";
import { hasTool } from "../debian-tool.ts";
import { sharedData } from "../shared-data.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { runTool, startTool, type ToolResult } from "./dcmtk.ts";
import { acceptingAll, collect, collectBytes } from "./memory-association.ts";
import { ctInAllSyntaxes, ctInSyntax, readInstance } from "./sample-instances.ts";

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const success = { command: { Status: 0 } };
const pending = (dataset: Buffer) => ({ command: { Status: 0xff00 }, dataset });

/** What storescu is told so that it proposes the transfer syntax of a file; it has no option for the other ones. */
const storescuOptions: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2": "-xi",
  [explicitLittleEndian]: "-xe",
  "1.2.840.10008.1.2.1.99": "-xd",
  "1.2.840.10008.1.2.2": "-xb",
  "1.2.840.10008.1.2.4.50": "-xy",
  "1.2.840.10008.1.2.4.51": "-xx",
  "1.2.840.10008.1.2.4.70": "-xs",
  "1.2.840.10008.1.2.4.80": "-xt",
  "1.2.840.10008.1.2.4.81": "-xu",
  "1.2.840.10008.1.2.4.90": "-xv",
  "1.2.840.10008.1.2.4.91": "-xw",
  "1.2.840.10008.1.2.5": "-xr",
};

/** Where storescu does not send the bytes of the file: it deflates anew, and pads fragments of an odd length. */
const writtenAnew = new Set([
  "1.2.840.10008.1.2.1.99",
  "1.2.840.10008.1.2.4.81",
  "1.2.840.10008.1.2.4.90",
  "1.2.840.10008.1.2.4.91",
]);

/** The dataset that storescp gets of storescu. */
async function sentToStorescp(...parameters: readonly string[]): Promise<Buffer> {
  const folder = await temporaryFolder();
  const server = await startTool("storescp", "+xa", "+B", "-od", folder);
  try {
    await runTool("storescu", "-R", "127.0.0.1", String(server.port), ...parameters);
    return readInstance(join(folder, readdirSync(folder)[0] ?? "")).dataset;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

/** StudyInstanceUID (0020,000D) of one character, explicit VR little endian. */
const answer = (digit: number): Buffer => Buffer.from([0x20, 0, 0x0d, 0, 0x55, 0x49, 2, 0, 0x30 + digit, 0]);

const full: RequestHandler = async function* () {
  yield { command: { Status: 0xa700, ErrorComment: "No room" } };
};

const threeHundred: RequestHandler = async function* () {
  for (let index = 0; index < 300; index += 1) yield pending(answer(index % 10));
  yield success;
};

const twoSteps: RequestHandler = async function* ({ command }) {
  expect(command.MoveDestination).toBe("ELSEWHERE");
  for (let done = 1; done < 3; done += 1) {
    const counts = { NumberOfRemainingSuboperations: 3 - done, NumberOfCompletedSuboperations: done };
    yield {
      command: { Status: 0xff00, ...counts, NumberOfFailedSuboperations: 0, NumberOfWarningSuboperations: 0 },
    };
  }
  yield success;
};

let listener: DicomListener | undefined;
afterEach(() => listener?.close(0));

async function call(
  tool: string,
  options: Partial<DicomListenerOptions>,
  ...parameters: readonly string[]
): Promise<ToolResult> {
  listener = await listen({ ...acceptingAll, port: 0, bindAddress: "127.0.0.1", ...options });
  return runTool(tool, "-aet", "DCMTK", "-aec", "GREYHAVEN", "127.0.0.1", String(listener.port), ...parameters);
}

describe.skipIf(!hasTool("echoscu") || sharedData() === undefined)("DCMTK as SCU", () => {
  it("echoscu is answered", async () => {
    const { code, output } = await call("echoscu", {}, "-v");
    expect(output).toContain("Received Echo Response (Success)");
    expect(code).toBe(0);
  });

  it("echoscu may propose 128 presentation contexts of 38 transfer syntaxes", async () => {
    const { code, output } = await call("echoscu", {}, "-v", "-ppc", "128", "-pts", "38");
    expect(output).toContain("Received Echo Response (Success)");
    expect(code).toBe(0);
  });

  it("echoscu says why it is rejected", async () => {
    const { code, output } = await call("echoscu", {
      decide: () => ({ accept: false, result: 1, source: 1, reason: 3, why: "nobody" }),
    });
    expect(output).toContain("Result: Rejected Permanent, Source: Service User");
    expect(output).toContain("Reason: Calling AE Title Not Recognized");
    expect(code).not.toBe(0);
  });

  it("echoscu may abort", async () => {
    expect((await call("echoscu", {}, "--abort")).code).toBe(0);
  });

  describe("storescu is understood", () => {
    const instances = ctInAllSyntaxes().filter(({ transferSyntaxUID }) => transferSyntaxUID in storescuOptions);
    it.each(instances)("in $transferSyntaxUID", async ({ path, transferSyntaxUID, sopInstanceUid, dataset }) => {
      const received: [IncomingRequest, Buffer][] = [];
      const handle: RequestHandler = async function* (request) {
        if (request.dataset !== undefined) received.push([request, await collectBytes(request.dataset)]);
        yield success;
      };
      const { code } = await call("storescu", { handle }, "-R", storescuOptions[transferSyntaxUID] ?? "", path);
      expect(code).toBe(0);
      const [[request, bytes] = []] = received;
      expect(request?.context.transferSyntaxUID).toBe(transferSyntaxUID);
      expect(request?.command).toMatchObject({ CommandField: 1, AffectedSOPInstanceUID: sopInstanceUid });
      const sent = writtenAnew.has(transferSyntaxUID)
        ? await sentToStorescp(storescuOptions[transferSyntaxUID] ?? "", path)
        : dataset;
      expect(bytes?.equals(sent)).toBe(true);
    });
  });

  it.each([0, 4096, 16384, 131072])("storescu keeps to a maximum length of %i", async (maximumPduLength) => {
    const { path, dataset } = ctInSyntax(explicitLittleEndian);
    const bytes: Buffer[] = [];
    const handle: RequestHandler = async function* (request) {
      if (request.dataset !== undefined) bytes.push(await collectBytes(request.dataset));
      yield success;
    };
    const { code } = await call("storescu", { handle, maximumPduLength }, "-R", "-xe", path, path, path);
    expect(code).toBe(0);
    expect(bytes.map((stored) => stored.equals(dataset))).toEqual([true, true, true]);
  });

  it("storescu gets the status that the handler gives", async () => {
    const { output } = await call(
      "storescu",
      { handle: full },
      "-v",
      "-R",
      "-xe",
      ctInSyntax(explicitLittleEndian).path,
    );
    expect(output).toContain("Received Store Response (Refused: OutOfResources)");
  });

  it("findscu gets all answers", async () => {
    const { code, output } = await call(
      "findscu",
      { handle: threeHundred },
      "-S",
      "-v",
      "-k",
      "QueryRetrieveLevel=STUDY",
    );
    expect(output.match(/Find Response: \d+ \(Pending\)/g)).toHaveLength(300);
    expect(output).toContain("Received Final Find Response (Success)");
    expect(code).toBe(0);
  });

  it("findscu cancels", async () => {
    const cancelled = Promise.withResolvers<boolean>();
    const handle: RequestHandler = async function* ({ signal }) {
      while (!signal.aborted) {
        yield pending(answer(1));
        await turn();
      }
      cancelled.resolve(true);
      yield { command: { Status: 0xfe00 } };
    };
    const key = "QueryRetrieveLevel=STUDY";
    const { output } = await call("findscu", { handle }, "-S", "-v", "--cancel", "3", "-k", key);
    expect(await cancelled.promise).toBe(true);
    expect(output).toContain("Received Final Find Response (Cancel");
  });

  it("movescu gets the numbers of sub-operations", async () => {
    const keys = ["-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2"];
    const { code, output } = await call("movescu", { handle: twoSteps }, "-S", "-v", "-aem", "ELSEWHERE", ...keys);
    expect(output).toContain("Received Move Response 2 (Pending)");
    expect(output).toContain("Received Final Move Response (Success)");
    expect(code).toBe(0);
  });

  describe("getscu", () => {
    let folder: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
    });
    afterAll(() => rm(folder, { recursive: true }));

    it("gets what the handler sends on the same association", async () => {
      const instance = ctInSyntax(explicitLittleEndian);
      const statuses: number[] = [];
      const handle: RequestHandler = async function* ({ association, dataset }) {
        if (dataset !== undefined) await collectBytes(dataset);
        const context = association.contexts.find(
          ({ abstractSyntax, requestorIsSCP }) => abstractSyntax === instance.sopClassUid && requestorIsSCP,
        );
        for (let count = 0; count < 3; count += 1) {
          const responses = association.request({
            contextId: context?.id ?? 0,
            command: {
              CommandField: commandFields["C-STORE-RQ"],
              Priority: 0,
              AffectedSOPClassUID: instance.sopClassUid,
              AffectedSOPInstanceUID: instance.sopInstanceUid,
            },
            dataset: instance.dataset,
          });
          for (const { command } of await collect(responses)) statuses.push(command.Status);
          yield { command: { Status: 0xff00, NumberOfCompletedSuboperations: count + 1 } };
        }
        yield success;
      };
      const keys = ["-k", "QueryRetrieveLevel=STUDY", "-k", "StudyInstanceUID=1.2"];
      const { code } = await call("getscu", { handle }, "-S", "+xe", "+B", "-od", folder, ...keys);
      expect(code).toBe(0);
      expect(statuses).toEqual([0, 0, 0]);
      const [file = ""] = readdirSync(folder);
      expect(readInstance(join(folder, file)).dataset.equals(instance.dataset)).toBe(true);
    });
  });
});
