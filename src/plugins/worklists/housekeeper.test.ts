import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../../../test/archive/fake-clock.ts";
import { tagsDataset, worklistTags } from "../../../test/worklists/sample-worklist.ts";
import { hashIdentifiers } from "../../dicom/identifiers.ts";
import { createLocalClient } from "../../http/local-client.ts";
import { json } from "../../http/reply.ts";
import { ServerError, type Dataset, type LocalClient } from "../../plugin-api.ts";
import { noLog } from "../../util/log.ts";
import { startHousekeeper, type Housekeeper } from "./housekeeper.ts";
import type { WorklistStore } from "./store.ts";

const hour = 3_600_000;
const settings = { deleteAfter: 0, deleteOnStableStudy: true, housekeepingInterval: 60_000 };

let clock: FakeClock;
let worklists: Map<string, { readonly dataset: Dataset; readonly createdAt?: number }>;
/** Whether a study is stable, by Orthanc's identifier. */
let studies: Map<string, boolean>;

beforeEach(() => {
  clock = createFakeClock();
  worklists = new Map();
  studies = new Map();
});

const store: WorklistStore = {
  async *all() {
    await Promise.resolve();
    for (const [id, worklist] of worklists) yield { id, ...worklist };
  },
  get: () => Promise.reject(new Error("not used")),
  put: () => Promise.reject(new Error("not used")),
  delete: (id) => Promise.resolve(worklists.delete(id)),
};

const askStudies = createLocalClient([
  {
    method: "GET",
    path: "/studies/{id}",
    tag: "",
    summary: "",
    handle({ parameters: { id = "" } }) {
      const IsStable = studies.get(id);
      if (IsStable === undefined) throw new ServerError("UnknownResource");
      return json({ ID: id, IsStable });
    },
  },
]);

function start(changes: Partial<typeof settings> = {}, ask: LocalClient = askStudies, log = noLog): Housekeeper {
  return startHousekeeper({ store, settings: { ...settings, ...changes }, ask, clock, log });
}

function addWorklist(id: string, createdAt?: number): void {
  const dataset = tagsDataset(worklistTags(id));
  worklists.set(id, { dataset, ...(createdAt === undefined ? {} : { createdAt }) });
}

/** The study that `worklistTags` of this patient announces. */
function addStudy(PatientID: string, isStable: boolean): void {
  const { StudyInstanceUID } = worklistTags(PatientID);
  const ids = hashIdentifiers({ PatientID, StudyInstanceUID, SeriesInstanceUID: "", SOPInstanceUID: "" });
  studies.set(ids.Study, isStable);
}

describe("the housekeeper", () => {
  it("drops the worklists of stable studies, in each interval", async () => {
    for (const id of ["a", "b", "c"]) addWorklist(id);
    addStudy("a", true);
    addStudy("b", false);
    const housekeeper = start();
    await clock.pass(59_999);
    expect([...worklists.keys()]).toEqual(["a", "b", "c"]);
    await clock.pass(1);
    expect([...worklists.keys()]).toEqual(["b", "c"]);
    addStudy("b", true);
    await clock.pass(60_000);
    expect([...worklists.keys()]).toEqual(["c"]);
    await housekeeper.close();
    addStudy("c", true);
    await clock.pass(120_000);
    expect([...worklists.keys()]).toEqual(["c"]);
  });

  it("leaves worklists without a study alone", async () => {
    worklists.set("a", { dataset: tagsDataset({ PatientID: "a" }) });
    const housekeeper = start();
    await clock.pass(60_000);
    expect([...worklists.keys()]).toEqual(["a"]);
    await housekeeper.close();
  });

  it("drops worklists that are too old", async () => {
    addWorklist("old", clock.now() - 23 * hour);
    addWorklist("new", clock.now());
    addWorklist("file");
    const housekeeper = start({ deleteAfter: 24 * hour, deleteOnStableStudy: false });
    await clock.pass(hour - 60_000);
    expect([...worklists.keys()]).toEqual(["old", "new", "file"]);
    await clock.pass(120_000);
    expect([...worklists.keys()]).toEqual(["new", "file"]);
    await housekeeper.close();
  });

  it("goes on after a failure", async () => {
    addWorklist("a");
    addStudy("a", true);
    let failures = 1;
    const logged: string[] = [];
    const log = { ...noLog, error: (message: string) => void logged.push(message) };
    const housekeeper = start(
      {},
      async (...request) => {
        if (failures-- > 0) throw new Error("out of order");
        return askStudies(...request);
      },
      log,
    );
    await clock.pass(60_000);
    expect([logged, worklists.size]).toEqual([["the worklists cannot be cleaned"], 1]);
    await clock.pass(60_000);
    expect(worklists.size).toBe(0);
    await housekeeper.close();
  });

  it("has nothing to do when nothing is to be dropped", async () => {
    const housekeeper = start({ deleteOnStableStudy: false });
    expect(clock.timers()).toBe(0);
    await housekeeper.close();
  });
});
