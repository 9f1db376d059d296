import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runTool } from "../dimse/dcmtk.ts";
import { hasTool } from "../debian-tool.ts";
import { startOrthanc } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer } from "../greyhaven.ts";
import { sharedData } from "../shared-data.ts";
import { type FindQuery, findQueries } from "./find-queries.ts";

const data = sharedData() ?? "";
const folders = [
  "series/mr-epi-siemens",
  "series/rt-dicompyler",
  "series/mr-3d-fruit-ge",
  "series/ct-phantom-philips",
  "private",
];
const hasPeers = ["findscu", "dcmsend", "Orthanc"].every(hasTool);

/** The final status, and the attributes of each answer as findscu prints them. */
interface Found {
  readonly status: string;
  readonly answers: readonly string[];
}

/** Without the file in ISO 2022 IR 87, which Orthanc 1.10.1 does not read. */
function charsets(): readonly string[] {
  const names = readdirSync(join(data, "charsets")).filter((name) => name.endsWith(".dcm") && name !== "chrH32.dcm");
  return names.map((name) => join(data, "charsets", name));
}

async function fill(port: number): Promise<void> {
  const parameters = ["-nh", "-aec", "ORTHANC", "127.0.0.1", String(port), "+sd", "+r"];
  await runTool("dcmsend", ...parameters, ...folders.map((folder) => join(data, folder)), ...charsets());
}

async function ask(port: number, { level, keys }: FindQuery): Promise<Found> {
  const all = level === undefined ? keys : [`QueryRetrieveLevel=${level}`, ...keys];
  const model = level === "PATIENT" ? "-P" : "-S";
  const { output } = await runTool(
    "findscu",
    "-v",
    model,
    "-aec",
    "ORTHANC",
    "127.0.0.1",
    String(port),
    ...all.flatMap((key) => ["-k", key]),
  );
  const [, ...answers] = output.split(/^I: Find Response: .*$/m);
  return {
    status: /Received Final Find Response \((.*)\)/.exec(output)?.[1] ?? output,
    answers: answers.map(attributesIn).toSorted(),
  };
}

/** The lines of an answer without the remarks about lengths; trailing spaces are padding. */
function attributesIn(dump: string): string {
  const lines = [...dump.matchAll(/^I: ( *\(.{9}\) .*?)\s+#/gm)].map(([, line = ""]) => line.replace(/[ \0]+\]$/, "]"));
  return lines.join("\n");
}

describe.skipIf(data === "" || !hasPeers)("C-FIND beside Orthanc 1.10.1", () => {
  const byGreyhaven: Found[] = [];
  const byOrthanc: Found[] = [];
  beforeAll(async () => {
    const configuration = { DicomAlwaysAllowFind: true, DefaultEncoding: "Utf8", AuthenticationEnabled: false };
    const port = await freePort();
    const orthanc = await startOrthanc({ ...configuration, DicomPort: port });
    const greyhaven = await startTestServer(configuration);
    await fill(port);
    await fill(greyhaven.dicomPort);
    for (const query of findQueries) {
      byOrthanc.push(await ask(port, query));
      byGreyhaven.push(await ask(greyhaven.dicomPort, query));
    }
    await greyhaven.close();
    await orthanc.stop();
  }, 120_000);

  it.each(findQueries.map((query, at) => ({ ...query, at })))("$name", ({ at, unlikeOrthanc }) => {
    // What is known to differ must differ: otherwise the table is to be mended.
    if (unlikeOrthanc === undefined) expect(byGreyhaven[at]).toEqual(byOrthanc[at]);
    else expect(byGreyhaven[at]).not.toEqual(byOrthanc[at]);
  });

  it("finds something by most queries", () => {
    const fruitful = byGreyhaven.filter(({ answers }) => answers.length > 0);
    expect(fruitful.length).toBeGreaterThan(findQueries.length * 0.7);
  });
});
