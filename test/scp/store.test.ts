import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { ctInAllSyntaxes, readInstance, type SampleInstance } from "../dimse/sample-instances.ts";
import { runTool } from "../dimse/dcmtk.ts";
import { hasTool } from "../debian-tool.ts";
import { corpusFiles } from "../corpus/corpus-files.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { connectTo, contextFor, sendInstance } from "./dicom-client.ts";

const data = sharedData();

/** What storescu is told so that it proposes the transfer syntax of a file. */
const storescuOptions: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2": "-xi",
  "1.2.840.10008.1.2.1": "-xe",
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
/** Of which storescu writes other bytes than the file's: it deflates anew, and pads fragments of an odd length. */
const writtenAnew = new Set([
  "1.2.840.10008.1.2.1.99",
  ...["81", "90", "91"].map((end) => `1.2.840.10008.1.2.4.${end}`),
]);

const SOPClassUID = 0x00080016;

const hash = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

/** Instances of the corpus that a server must take: all identifiers are there, and those of the file meta information are the dataset's. */
function corpusInstances(folder: string): readonly SampleInstance[] {
  return corpusFiles(folder).flatMap(({ path, expected, ambiguous, uids, transferSyntax }) => {
    const isWhole = uids !== undefined && [uids.study, uids.series, uids.instance].every((uid = "") => uid !== "");
    const isPlain = expected === "parse" && ambiguous !== true && transferSyntax?.startsWith("1.2.840.10008.1.2");
    if (!path.startsWith("syntaxes/") || !isPlain || !isWhole) return [];
    const instance = readInstance(join(folder, path));
    const { dataset } = parseDicom(readFileSync(instance.path), { stopAtPixelData: true });
    const isSame = dataset.text(SOPClassUID) === instance.sopClassUid && uids.instance === instance.sopInstanceUid;
    return isSame ? [instance] : [];
  });
}

describe.skipIf(data === undefined)("C-STORE", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ OverwriteInstances: "Always", UnknownSopClassAccepted: true });
  });
  afterAll(() => server.close());

  /** What is stored of an instance. */
  async function stored(
    sopInstanceUid: string,
  ): Promise<{ readonly transferSyntaxUID: string; readonly dataset: string }> {
    const found = await askJson<readonly { readonly ID: string; readonly Type: string }[]>(
      server.url,
      "POST /tools/lookup",
      { body: sopInstanceUid },
    );
    const { ID = "" } = found.find(({ Type }) => Type === "Instance") ?? {};
    const file = await ask(server.url, `GET /instances/${ID}/file`);
    const { transferSyntaxUID, datasetOffset } = parseDicom(file.bytes, { stopAtPixelData: true });
    return { transferSyntaxUID, dataset: hash(file.bytes.subarray(datasetOffset)) };
  }

  it("keeps the bytes of every file of the corpus, in every transfer syntax", async () => {
    const instances = corpusInstances(data ?? "");
    const syntaxes = new Set(instances.map(({ transferSyntaxUID }) => transferSyntaxUID));
    expect(syntaxes.size).toBeGreaterThan(25);
    for (const [transferSyntaxUID, group] of Map.groupBy(instances, (each) => each.transferSyntaxUID)) {
      const contexts = [...new Map(group.map((each) => [each.sopClassUid, contextFor(each)])).values()];
      const association = await connectTo(server.dicomPort, contexts);
      for (const instance of group) {
        expect(await sendInstance(association, instance), instance.path).toBe(0x0000);
        expect(await stored(instance.sopInstanceUid), instance.path).toEqual({
          transferSyntaxUID,
          dataset: hash(instance.dataset),
        });
      }
      await association.release();
    }
  }, 60_000);

  it.skipIf(!hasTool("storescu")).each(
    ctInAllSyntaxes()
      .filter(({ transferSyntaxUID }) => storescuOptions[transferSyntaxUID] !== undefined)
      .map((instance) => [instance.transferSyntaxUID, instance] as const),
  )("by storescu in %s", async (transferSyntaxUID, instance) => {
    const option = storescuOptions[transferSyntaxUID] ?? "";
    const parameters = ["-v", "-R", option, "127.0.0.1", String(server.dicomPort), instance.path];
    const { code, output } = await runTool("storescu", ...parameters);
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringContaining("Received Store Response (Success)") as string,
    });
    const kept = await stored(instance.sopInstanceUid);
    expect(kept.transferSyntaxUID).toBe(transferSyntaxUID);
    if (!writtenAnew.has(transferSyntaxUID)) expect(kept.dataset).toBe(hash(instance.dataset));
  });

  it.skipIf(!hasTool("dcmsend"))("by dcmsend of a whole folder, with who sent it", async () => {
    const folder = join(data ?? "", "series/mr-epi-siemens");
    const parameters = [
      "-v",
      "-aet",
      "MR1",
      "-aec",
      "ARCHIVE",
      "127.0.0.1",
      String(server.dicomPort),
      "+sd",
      "+r",
      folder,
    ];
    const { code, output } = await runTool("dcmsend", ...parameters);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).toContain(`* with status SUCCESS  : ${files.length}`);
    const [instance] = await askJson<readonly string[]>(server.url, "POST /tools/find", {
      body: { Level: "Instance", Query: {}, MetadataQuery: { RemoteAET: "MR1" }, Limit: 1 },
    });
    expect(await askJson(server.url, `GET /instances/${instance}/metadata?expand`)).toMatchObject({
      Origin: "DicomProtocol",
      RemoteAET: "MR1",
      CalledAET: "ARCHIVE",
      RemoteIP: "127.0.0.1",
    });
  });
});
