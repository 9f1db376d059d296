import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { SpecificCharacterSet } from "../../src/dicom/charset.ts";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { datasetFromJson } from "../../src/dicom/from-orthanc-json.ts";
import { toOrthancJson } from "../../src/dicom/orthanc-json.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { worklistMatcher } from "../../src/dicom/worklist-match.ts";
import { writeDicom } from "../../src/dicom/write.ts";
import { ServerError } from "../../src/util/errors.ts";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { sharedData } from "../shared-data.ts";
import { findWorklists, startWlmscpfs, type FoundWorklists } from "./peers.ts";
import { worklistQueries } from "./queries.ts";

const source = join(sharedData() ?? "", "worklists");
const hasPeers = ["findscu", "wlmscpfs", "Orthanc"].every(hasTool);

describe.skipIf(sharedData() === undefined || !hasPeers)("worklists beside DCMTK and Orthanc 1.10.1", () => {
  let byOrthanc: readonly Answered[];
  let byDcmtk: readonly Answered[];
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), "greyhaven-worklists-"));
    const queries = worklistQueries.map(({ tags }) => queryFile(tags));
    const dcmtk = await startWlmscpfs(source, folder);
    byDcmtk = (await findWorklists(dcmtk, queries, folder)).map(answered);
    await dcmtk.stop();
    const port = await freePort();
    const orthanc = await startOrthanc({
      DicomPort: port,
      DicomAlwaysAllowFindWorklist: true,
      Plugins: ["/usr/share/orthanc/plugins/libModalityWorklists.so"],
      Worklists: { Enable: true, Database: source },
    });
    byOrthanc = (await findWorklists({ port, title: "ORTHANC" }, queries, folder)).map(answered);
    await orthanc.stop();
    await rm(folder, { recursive: true });
  });

  it.each(worklistQueries.map((query, at) => ({ ...query, at })))(
    "$name",
    ({ at, tags, unlikeOrthanc, unlikeDcmtk }) => {
      // What is known to differ must differ: otherwise the table is to be mended.
      expectTo(ours(tags), unlikeOrthanc === undefined, byOrthanc[at]);
      expectTo(ours(tags), unlikeDcmtk === undefined, byDcmtk[at]);
    },
  );
});

/** The answers in the order of their text. */
type Answered = readonly string[] | "refused";

function answered({ answers, isSuccess }: FoundWorklists): Answered {
  return isSuccess ? printed(answers) : "refused";
}

function expectTo(own: Answered, equal: boolean, other: Answered | undefined): void {
  if (equal) expect(own).toEqual(other);
  else expect(own).not.toEqual(other);
}

/** A file with the query, for findscu to send. */
function queryFile(tags: object): Buffer {
  const dataset = datasetFromJson(tags, { charset: SpecificCharacterSet.default });
  return writeDicom({ dataset }, { transferSyntaxUID: "1.2.840.10008.1.2.1" });
}

function ours(tags: object): Answered {
  try {
    const query = parseDicom(queryFile(tags)).dataset;
    const match = worklistMatcher(query, { caseSensitivePersonNames: false });
    const names = readdirSync(source).filter((name) => name.endsWith(".wl"));
    const answers = names.map((name) => match(parseDicom(readFileSync(join(source, name))).dataset));
    return printed(answers.filter((answer) => answer !== undefined));
  } catch (error) {
    if (error instanceof ServerError) return "refused";
    throw error;
  }
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
