import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SpecificCharacterSet } from "../../src/dicom/charset.ts";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { datasetFromJson } from "../../src/dicom/from-orthanc-json.ts";
import { toOrthancJson } from "../../src/dicom/orthanc-json.ts";
import { writeDicom } from "../../src/dicom/write.ts";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer } from "../greyhaven.ts";
import { sharedData } from "../shared-data.ts";
import { findWorklists, startWlmscpfs, type FoundWorklists, type WorklistPeer } from "./peers.ts";
import { worklistQueries } from "./queries.ts";

const source = join(sharedData() ?? "", "worklists");
const hasPeers = ["findscu", "wlmscpfs", "Orthanc"].every(hasTool);

describe.skipIf(sharedData() === undefined || !hasPeers)("worklists beside DCMTK and Orthanc 1.10.1", () => {
  let byGreyhaven: readonly Answered[];
  let byOrthanc: readonly Answered[];
  let byDcmtk: readonly Answered[];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "greyhaven-worklists-"));
    const queries = worklistQueries.map(({ tags }) => queryFile(tags));
    const ask = async (peer: WorklistPeer) => (await findWorklists(peer, queries, folder)).map(answered);

    const dcmtk = await startWlmscpfs(source, folder);
    byDcmtk = await ask(dcmtk);
    await dcmtk.stop();

    const configuration = { DicomAlwaysAllowFindWorklist: true, Worklists: { Enable: true, Database: source } };
    const port = await freePort();
    const plugins = ["/usr/share/orthanc/plugins/libModalityWorklists.so"];
    const orthanc = await startOrthanc({ ...configuration, DicomPort: port, Plugins: plugins });
    byOrthanc = await ask({ port, title: "ORTHANC" });
    await orthanc.stop();

    const greyhaven = await startTestServer(configuration);
    byGreyhaven = await ask({ port: greyhaven.dicomPort, title: "ORTHANC" });
    await greyhaven.close();
    await rm(folder, { recursive: true });
  }, 60_000);

  it.each(worklistQueries.map((query, at) => ({ ...query, at })))("$name", ({ at, unlikeOrthanc, unlikeDcmtk }) => {
    // What is known to differ must differ: otherwise the table is to be mended.
    expectTo(byGreyhaven[at], unlikeOrthanc === undefined, byOrthanc[at]);
    expectTo(byGreyhaven[at], unlikeDcmtk === undefined, byDcmtk[at]);
  });

  it("finds something by most queries", () => {
    expect(byGreyhaven.filter((answers) => answers.length > 0).length).toBeGreaterThan(worklistQueries.length / 2);
  });
});

/** The answers in the order of their text. */
type Answered = readonly string[] | "refused";

function answered({ answers, isSuccess }: FoundWorklists): Answered {
  return isSuccess ? printed(answers) : "refused";
}

function expectTo(own: Answered | undefined, equal: boolean, other: Answered | undefined): void {
  if (equal) expect(own).toEqual(other);
  else expect(own).not.toEqual(other);
}

/** A file with the query, for findscu to send. */
function queryFile(tags: object): Buffer {
  const dataset = datasetFromJson(tags, { charset: SpecificCharacterSet.default });
  return writeDicom({ dataset }, { transferSyntaxUID: "1.2.840.10008.1.2.1" });
}

/** The text of answers, as their character sets say; Orthanc 1.10.1 declares one of its own for all. */
function printed(answers: readonly Dataset[]): readonly string[] {
  return answers
    .map((answer) => {
      const { SpecificCharacterSet: _, QueryRetrieveLevel: __, ...tags } = toOrthancJson(answer, "simple");
      return JSON.stringify(tags);
    })
    .sort();
}
