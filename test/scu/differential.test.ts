import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { compareAnswers } from "../differential/compare.ts";
import { startOrthanc, type OrthancProcess } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import type { KnownDifference } from "../differential/known-difference.ts";
import { knownScuDifferences } from "./known-differences.ts";
import { type Peer, startQueryScp, startStoreScp, startWorklistScp } from "./peers.ts";
import { runScenario, type ScenarioData, type ScenarioServer, type Step } from "./scenario.ts";

const folder = sharedData();
const programs = ["Orthanc", "dcmqrscp", "storescp", "wlmscpfs", "dcmsend"];
const series = ["ct-phantom-philips", "rt-dicompyler"];

describe.skipIf(folder === undefined || !programs.every(hasTool))("The DICOM client beside Debian's Orthanc", () => {
  const data = folder ?? "";
  const peers: Peer[] = [];
  let sink: Peer;
  let peer: OrthancProcess;
  let orthanc: OrthancProcess;
  let greyhaven: TestServer;

  beforeAll(async () => {
    const ports = { peer: await freePort(), orthanc: await freePort(), greyhaven: await freePort() };
    sink = await startStoreScp();
    const store = await startStoreScp(["--fork"]);
    const query = await startQueryScp(
      { SINK: sink.port },
      series.map((name) => join(data, "series", name)),
    );
    const worklist = await startWorklistScp(join(data, "worklists"));
    peers.push(sink, store, query, worklist);
    peer = await startOrthanc({
      DicomAet: "PEER",
      DicomPort: ports.peer,
      DicomModalities: {
        orthanc: ["ORTHANC", "localhost", ports.orthanc],
        greyhaven: ["GREYHAVEN", "localhost", ports.greyhaven],
      },
    });
    const DicomModalities = {
      qr: ["QR", "localhost", query.port],
      store: ["STORE", "localhost", store.port],
      wl: ["WLM", "localhost", worklist.port],
      bad: ["NOBODY", "localhost", 1],
      peer: ["PEER", "localhost", ports.peer],
    };
    orthanc = await startOrthanc({ DicomAet: "ORTHANC", DicomPort: ports.orthanc, DicomModalities });
    greyhaven = await startTestServer({ DicomAet: "GREYHAVEN", DicomPort: ports.greyhaven, DicomModalities });
  }, 60_000);
  afterAll(async () => {
    await greyhaven.close();
    await orthanc.stop();
    await peer.stop();
    await Promise.all(peers.map((each) => each.stop()));
  });

  it("answers the same but for what is known, and why", { timeout: 120_000 }, async () => {
    const scenarioData = await uploads([orthanc.url, greyhaven.url, peer.url], data);
    const servers: readonly ScenarioServer[] = [
      { url: orthanc.url, title: "ORTHANC" },
      { url: greyhaven.url, title: "GREYHAVEN" },
    ];
    const [expected = [], found = []] = await Promise.all(servers.map((server) => runScenario(server, scenarioData)));
    expect(found.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    expect(found.length).toBeGreaterThan(300);
    const used = new Set<KnownDifference>();
    const unexplained: string[] = [];
    for (const [at, step] of expected.entries()) {
      for (const difference of differences(step, found[at])) {
        const known = knownScuDifferences.filter(
          (row) => row.requests.test(step.name) && row.difference.test(difference),
        );
        for (const row of known) used.add(row);
        if (known.length === 0) unexplained.push(`${step.name}: ${difference}`);
      }
    }
    expect(unexplained).toEqual([]);
    // A row that explains nothing any more is to be deleted.
    expect(knownScuDifferences.filter((row) => !used.has(row))).toEqual([]);
  });
});

function differences(expected: Step, found: Step | undefined): readonly string[] {
  if (found === undefined) return ["no answer"];
  const { target } = expected;
  return compareAnswers(
    { target, ordered: true },
    { url: "…", answer: expected.answer },
    { url: "…", answer: found.answer },
  );
}

/** Uploads a few instances to each server. */
async function uploads(urls: readonly string[], folder: string): Promise<ScenarioData> {
  const names = await readdir(join(folder, "series", "ct-phantom-philips"), { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths
      .toSorted()
      .slice(0, 3)
      .map((path) => readFile(path)),
  );
  const ids = new Set<string>();
  let study = "";
  for (const url of urls) {
    for (const body of files) {
      const { ID, ParentStudy } = await askJson<{ ID: string; ParentStudy: string }>(url, "POST /instances", { body });
      ids.add(ID);
      study = ParentStudy;
    }
  }
  const [first = ""] = ids;
  const tags = await askJson<Record<string, string>>(urls[0] ?? "", `GET /instances/${first}/simplified-tags`);
  return {
    studyInstanceUID: tags["StudyInstanceUID"] ?? "",
    seriesInstanceUID: tags["SeriesInstanceUID"] ?? "",
    patientID: tags["PatientID"] ?? "",
    instances: [...ids],
    study,
    file: files[0] ?? Buffer.alloc(0),
  };
}
