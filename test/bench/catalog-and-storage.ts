/**
 * What storing small instances costs, catalog and storage apart from everything else, and how long the usual queries take then.
 * `node test/bench/catalog-and-storage.ts [instances] [at once] [folder]`; prints microseconds of CPU (all threads) and wall time per instance.
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalog, FindInclude, FindRequest } from "../../src/catalog/catalog.ts";
import { openStore, type Store } from "../../src/server/open-store.ts";
import { createBlobNames } from "../../src/storage/blob-names.ts";
import { noLog } from "../../src/util/log.ts";
import { keep, sampleInstance } from "../catalog/sample-instance.ts";

const total = Number(process.argv[2] ?? 20_000);
const atOnce = Number(process.argv[3] ?? 8);
const parent = process.argv[4] ?? tmpdir();
const data = [Buffer.alloc(6000, 7)];
const families = ["ANDERSON", "BAKER", "CHAVEZ", "DUPONT", "EVANS", "FOSTER", "GARCIA", "HILL", "IVANOV", "JOHNSON"];

/** Five instances per series, two series per study, two studies per patient. */
function instanceAt(at: number) {
  const [series, study, patient] = [Math.floor(at / 5), Math.floor(at / 10), Math.floor(at / 20)];
  const root = "1.2.826.0.1.3680043.10.1555";
  const name = `${families[patient % families.length]}${Math.floor(patient / families.length) % 97}^ANNA`;
  const date = new Date(Date.UTC(2021, 0, 1 + ((study * 37) % 1080))).toISOString().slice(0, 10).replaceAll("-", "");
  return sampleInstance({
    patient: `B${patient}`,
    study: `${root}.${study}`,
    series: `${root}.${study}.${series}`,
    instance: `${root}.${study}.${series}.${at}`,
    index: String(at % 5),
    tags: {
      Patient: { "00100010": name, "00100030": "19700101", "00100040": "F" },
      Study: {
        "00080020": date,
        "00080030": "101010",
        "00080050": `A${study}`,
        "00081030": "CT THORAX",
        "00080080": "HOSPITAL",
      },
      Series: { "00080060": "CT", "00080070": "VENDOR", "0008103E": "AXIAL", "00180015": "CHEST", "00200011": "1" },
      Instance: {
        "00080012": date,
        "00080013": "101010",
        "00200013": String(at % 5),
        "00200032": "0\\0\\0",
        "00200037": "1\\0\\0\\0\\1\\0",
      },
    },
  });
}

async function store({ joint }: Store, from: number, to: number): Promise<void> {
  const instances = Array.from({ length: to - from }, (_, at) => instanceAt(from + at));
  const names = createBlobNames();
  const before = process.cpuUsage();
  const start = performance.now();
  let next = 0;
  const work = async () => {
    for (let instance = instances[next++]; instance !== undefined; instance = instances[next++]) {
      const uuid = names();
      const attachments = instance.attachments.map((file) => ({ ...file, uuid }));
      await joint.store({ ...instance, attachments }, keep, data);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { user, system } = process.cpuUsage(before);
  const each = (value: number) => (value / instances.length).toFixed(0);
  const wall = (performance.now() - start) * 1000;
  console.log(`${from} … ${to}: ${each(user)} + ${each(system)} µs of CPU, ${each(wall)} µs each`);
}

const study = {
  mainDicomTags: ["Patient", "Study"],
  counts: true,
  modalitiesInStudy: true,
  status: true,
} as const satisfies FindInclude;
const queries: Readonly<Record<string, FindRequest>> = {
  "100 studies": { level: "Study", limit: 100, include: study },
  "100 studies from the middle": { level: "Study", limit: 100, since: Math.floor(total / 20), include: study },
  "PatientName=DUPONT1*": {
    level: "Study",
    constraints: [{ tag: 0x00100010, caseSensitive: false, match: "wildcard", pattern: "DUPONT1*" }],
    include: study,
  },
  "PatientName=*SON1^*": {
    level: "Study",
    constraints: [{ tag: 0x00100010, caseSensitive: false, match: "wildcard", pattern: "*SON1^*" }],
    include: study,
  },
  "StudyDate of a week": {
    level: "Study",
    constraints: [{ tag: 0x00080020, caseSensitive: false, match: "range", from: "20210601", to: "20210607" }],
    include: study,
  },
  PatientID: {
    level: "Study",
    constraints: [{ tag: 0x00100020, caseSensitive: false, match: "equal", value: "B7" }],
    include: study,
  },
};

async function ask(catalog: Catalog): Promise<void> {
  for (const [name, request] of Object.entries(queries)) {
    const times: number[] = [];
    let found = 0;
    for (let run = 0; run < 60; run += 1) {
      const start = performance.now();
      found = (await catalog.find(request)).length;
      times.push(performance.now() - start);
    }
    times.sort((a, b) => a - b);
    console.log(`${name}: ${found} found, median ${(times[30] ?? 0).toFixed(2)} ms`);
  }
}

await mkdir(parent, { recursive: true });
const folder = await mkdtemp(join(parent, "greyhaven-bench-"));
const opened = await openStore({
  catalogFile: join(folder, "greyhaven.db"),
  extraMainDicomTags: { Patient: [], Study: [], Series: [], Instance: [] },
  storageFolder: folder,
  sync: true,
  log: noLog,
});
const slice = Math.min(10_000, total);
for (let from = 0; from < total; from += slice) await store(opened, from, from + slice);
await ask(opened.catalog);
await opened.catalog.close();
await rm(folder, { recursive: true });
