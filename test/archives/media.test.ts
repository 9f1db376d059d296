import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { upload } from "../server/upload.ts";
import { sharedData } from "../shared-data.ts";
import { run } from "./unpack.ts";

/** One file for each kind of record, and for character sets; patients of their own, so that records cannot contradict one another. */
const corpusFiles = [
  "objects/seg/seg.dcm",
  "objects/rt/rtdose_1frame.dcm",
  "objects/rt/rtplan.dcm",
  "objects/rt/RI6XDosiGap.dcm",
  "objects/spectroscopy/BRTUMSP2",
  "objects/waveform/ecg_12lead_deidentified.dcm",
  "objects/presentation-state/prLUTs.dcm",
  "objects/encapsulated/encapsulated_cda.dcm",
  "objects/wsi/sm_annotations.dcm",
  "objects/sr/test-SR.dcm",
  "charsets/chrFren.dcm",
  "charsets/chrKoreanMulti.dcm",
  "syntaxes/uncompressed/MR_small_implicit.dcm",
];

/** Values that DCMTK and Greyhaven each make up in their own way where the file has none. */
const madeUp = new Set(["00100020", "00200010", "00200011", "00200013", "00080020", "00080030"]);

/** The records from the patient down to the file, by the file's path. */
type Records = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

const recordType = 0x00041430;
const depths: Readonly<Record<string, number>> = { PATIENT: 0, STUDY: 1, SERIES: 2 };

/** Reads a DICOMDIR by its offsets, and checks that each leads to a record. */
async function readRecords(path: string): Promise<Records> {
  const file = await readFile(path);
  const { dataset } = parseDicom(file);
  const items = dataset.items(0x00041220);
  const offsets = offsetsOf(file, items.length);
  const byOffset = new Map(items.map((item, at) => [offsets[at] ?? 0, item]));
  const found: Record<string, readonly Readonly<Record<string, unknown>>[]> = {};
  const walk = (offset: number, above: readonly Readonly<Record<string, unknown>>[]): void => {
    for (let at = offset; at !== 0;) {
      const record = byOffset.get(at);
      if (record === undefined) throw new Error(`there is no record at ${at}`);
      expect(depths[record.text(recordType) ?? ""] ?? 3).toBe(above.length);
      const chain = [...above, keysOf(record)];
      const id = record.text(0x00041500);
      if (id !== undefined) found[id] = chain;
      walk(record.number(0x00041420) ?? 0, chain);
      at = record.number(0x00041400) ?? 0;
    }
  };
  walk(dataset.number(0x00041200) ?? 0, []);
  expect(Object.keys(found)).toHaveLength(items.filter((item) => item.has(0x00041500)).length);
  return found;
}

/** Where the items of the directory record sequence are, as dcmdump finds them. */
function offsetsOf(file: Buffer, count: number): readonly number[] {
  const offsets: number[] = [];
  // (0004,1400) is the first element of each record; its item's tag and length are the 8 bytes before it.
  const first = Buffer.of(0x04, 0x00, 0x00, 0x14, 0x55, 0x4c, 0x04, 0x00);
  for (let at = file.indexOf(first); at !== -1; at = file.indexOf(first, at + 1)) offsets.push(at - 8);
  expect(offsets).toHaveLength(count);
  return offsets;
}

/** The attributes of a record without its links, in plain form. */
function keysOf(record: Dataset): Readonly<Record<string, unknown>> {
  const keys: Record<string, unknown> = {};
  for (const { tag, items } of record) {
    const name = tag.toString(16).padStart(8, "0");
    if (name === "00041400" || name === "00041420" || name === "00080005") continue;
    keys[name] = items === undefined ? record.text(tag) : items.map(keysOf);
  }
  return keys;
}

function withoutMadeUp(records: Records): Records {
  return Object.fromEntries(
    Object.entries(records).map(([path, chain]) => [
      path,
      chain.map((keys) => Object.fromEntries(Object.entries(keys).filter(([name]) => !madeUp.has(name)))),
    ]),
  );
}

/** Fetches a medium and unpacks it. */
async function fetchMedium(server: TestServer, target: string, folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(`${folder}.zip`, (await ask(server.url, target)).bytes);
  run("unzip", "-q", `${folder}.zip`, "-d", folder);
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe.skipIf(!hasTool("dcmmkdir") || sharedData() === undefined)("a medium of objects of all kinds", () => {
  let medium = "";
  const sent = new Map<string, string>();
  beforeAll(async () => {
    for (const name of corpusFiles) {
      const { ID, ParentPatient } = await upload(server.url, await readFile(join(sharedData() ?? "", name)));
      sent.set(ID, ParentPatient);
    }
    medium = join(server.folder, "medium");
    await fetchMedium(server, `GET /tools/create-media?resources=${[...sent.keys()].join(",")}`, medium);
  }, 60_000);

  it("holds the files under names of eight characters", async () => {
    expect((await readdir(join(medium, "IMAGES"))).toSorted()).toEqual(
      corpusFiles.map((_, at) => `IM${at}`).toSorted(),
    );
  });

  it("has the directory that DCMTK's dcmmkdir makes of its files", async () => {
    const own = await readRecords(join(medium, "DICOMDIR"));
    expect(run("dcmdump", "-q", join(medium, "DICOMDIR"))).toContain('refFileID="IMAGES\\IM0"');
    const other = join(server.folder, "DCMTK");
    // General purpose profile in any transfer syntax; missing values are invented.
    run("sh", "-c", `cd ${medium} && dcmmkdir -Nxc -Nec +I +r +D ${other} IMAGES`);
    expect(withoutMadeUp(own)).toEqual(withoutMadeUp(await readRecords(other)));
    for (const [patient] of Object.values(own)) expect(patient?.["00100020"]).not.toBe("");
  });

  it("is one that dcmmkdir adds to", async () => {
    const copy = join(server.folder, "copy");
    await cp(medium, copy, { recursive: true });
    await rename(join(copy, "IMAGES", "IM0"), join(copy, "IMAGES", "NEW"));
    await cp(join(medium, "IMAGES", "IM0"), join(copy, "IMAGES", "IM0"));
    const [phantom] = makeStudy({ rows: 8, instances: 1, seed: 77 });
    await writeFile(join(copy, "IMAGES", "NEW"), phantom?.file ?? "");
    run("sh", "-c", `cd ${copy} && dcmmkdir +I -Nxc +A +D DICOMDIR IMAGES/NEW`);
    const records = await readRecords(join(copy, "DICOMDIR"));
    expect(Object.keys(records)).toHaveLength(corpusFiles.length + 1);
    expect(records["IMAGES\\NEW"]?.[0]).toMatchObject({ "00100020": "PHANTOM-77" });
    await rm(copy, { recursive: true });
  });

  it.skipIf(!hasTool("gdcminfo"))("is a directory to GDCM", () => {
    expect(run("gdcminfo", join(medium, "DICOMDIR"))).toContain("Media Storage Directory Storage");
  });

  it("refers to the files on it", async () => {
    for (const [path, chain] of Object.entries(await readRecords(join(medium, "DICOMDIR")))) {
      const file = parseDicom(await readFile(join(medium, ...path.split("\\"))));
      expect(chain[3]).toMatchObject({
        "00041510": file.dataset.text(0x00080016),
        "00041511": file.dataset.text(0x00080018),
        "00041512": file.transferSyntaxUID,
      });
    }
  });
});

describe("a medium of images", () => {
  it("has more keys when it is extended, by argument or by route", async () => {
    const [phantom] = makeStudy({ rows: 8, instances: 1, seed: 3 });
    const { ID } = await upload(server.url, phantom?.file ?? Buffer.alloc(0));
    const keys = async (target: string, folder: string): Promise<readonly string[]> => {
      await fetchMedium(server, target, join(server.folder, folder));
      const records = await readRecords(join(server.folder, folder, "DICOMDIR"));
      return (records["IMAGES\\IM0"] ?? []).flatMap((record) => Object.keys(record));
    };
    const plain = await keys(`GET /tools/create-media?resources=${ID}`, "plain");
    expect(plain).not.toContain("0008103e");
    const extended = await keys(`GET /tools/create-media?resources=${ID}&extended`, "extended");
    expect(extended).toEqual(expect.arrayContaining([...plain, "0008103e", "00280010", "00100030"]));
    expect(await keys(`GET /tools/create-media-extended?resources=${ID}`, "route")).toEqual(extended);
  });

  it.skipIf(sharedData() === undefined)("has numbers of big endian files the right way round", async () => {
    const file = await readFile(join(sharedData() ?? "", "syntaxes/uncompressed/SC_rgb_small_odd_big_endian.dcm"));
    const { ID } = await upload(server.url, file);
    const folder = join(server.folder, "big-endian");
    await fetchMedium(server, `GET /tools/create-media-extended?resources=${ID}`, folder);
    const image = (await readRecords(join(folder, "DICOMDIR")))["IMAGES\\IM0"]?.[3];
    // As dcmdump prints them.
    expect(image).toMatchObject({ "00280010": "3", "00280011": "3" });
  });

  it("refers to transcoded files by their new identifiers", async () => {
    const [phantom] = makeStudy({ rows: 16, instances: 1, seed: 4, modality: "US" });
    const { ParentStudy } = await upload(server.url, phantom?.file ?? Buffer.alloc(0));
    const baseline = "1.2.840.10008.1.2.4.50";
    const folder = join(server.folder, "lossy");
    await fetchMedium(server, `GET /studies/${ParentStudy}/media?transcode=${baseline}`, folder);
    const records = await readRecords(join(folder, "DICOMDIR"));
    const file = parseDicom(await readFile(join(folder, "IMAGES", "IM0")));
    expect(file.dataset.text(0x00080018)).not.toBe(phantom?.uids.SOPInstanceUID);
    expect(records["IMAGES\\IM0"]?.[3]).toMatchObject({
      "00041511": file.dataset.text(0x00080018),
      "00041512": baseline,
    });
  });

  it("keeps patients apart that have no PatientID but other names", async () => {
    const ids: string[] = [];
    for (const [seed, patientName] of [
      [5, "Doe^Jane"],
      [6, "Roe^Richard"],
    ] as const) {
      const [phantom] = makeStudy({
        rows: 8,
        instances: 1,
        seed,
        patientId: "",
        patientName,
        accessionNumber: `${seed}`,
      });
      const file = phantom?.file ?? Buffer.alloc(0);
      ids.push((await upload(server.url, file)).ID);
    }
    const series = await Promise.all(
      ids.map((id) => askJson<{ readonly ParentSeries: string }>(server.url, `GET /instances/${id}`)),
    );
    expect(new Set(series.map(({ ParentSeries }) => ParentSeries)).size).toBe(2);
    const folder = join(server.folder, "nameless");
    await fetchMedium(server, `GET /tools/create-media?resources=${ids.join(",")}`, folder);
    const patients = Object.values(await readRecords(join(folder, "DICOMDIR"))).map(([patient]) => patient);
    expect(Object.fromEntries(patients.map((patient) => [patient?.["00100010"], patient?.["00100020"]]))).toEqual({
      "Doe^Jane": "UNKNOWN1",
      "Roe^Richard": "UNKNOWN2",
    });
  });
});
