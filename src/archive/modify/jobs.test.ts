import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestArchive, type TestArchive } from "../../../test/archive/test-archive.ts";
import { makeStudy, type Phantom, type StudyOptions } from "../../../test/phantoms/study.ts";
import type { Level, ResourceReference } from "../../catalog/catalog.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { mainDicomTags } from "../../dicom/main-dicom-tags.ts";
import type { JobType, Progress } from "../../jobs/job.ts";
import type { IngestResult } from "../archive.ts";
import type { ArchiveOptions } from "../create-archive.ts";
import { derivationJobs, type DerivationJobs } from "./jobs.ts";
import { mergeState } from "./merge-order.ts";
import { modificationState, type ModificationOrder } from "./modification-order.ts";
import type { ModificationRequest } from "./request.ts";
import { splitState } from "./split-order.ts";

const nothing: ModificationRequest = {
  replace: {},
  remove: [],
  keep: [],
  removePrivateTags: false,
  privateCreator: "",
};
const anonymization = { profile: "2023b", patientName: "Anonymized1", software: "Greyhaven 1" } as const;
const origin = { kind: "RestApi", remoteIp: "127.0.0.1" } as const;
const options = { keepSource: true, keepLabels: false, permissive: false, origin };
const allUids = ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"];

const defaultCharset = () => SpecificCharacterSet.default;

let open: TestArchive;
let jobs: DerivationJobs;

async function begin(archiveOptions: Partial<ArchiveOptions> = {}): Promise<void> {
  open = await openTestArchive({ options: archiveOptions });
  const transcoding = { transcodedFile: () => Promise.reject(new Error("nothing is transcoded here")) };
  const { archive, catalog } = open;
  jobs = derivationJobs({ archive, catalog, transcoding, defaultCharset, concurrency: 2 });
}

beforeEach(() => begin());
afterEach(() => open[Symbol.asyncDispose]());

/** Stores a study of small images. */
async function stored(study: StudyOptions = {}) {
  const phantoms: Phantom[] = [...makeStudy({ rows: 8, instances: 5, perSeries: 3, ...study })];
  const results: IngestResult[] = [];
  for (const { file } of phantoms) results.push(await open.archive.ingest(file, origin));
  const ids = (level: Level): string[] => [...new Set(results.map(({ identifiers }) => identifiers[level]))];
  return { patients: ids("Patient"), studies: ids("Study"), series: ids("Series"), instances: ids("Instance") };
}

function order(
  level: Level,
  publicIds: readonly string[],
  request: Partial<ModificationRequest>,
  more: Partial<ModificationOrder> = {},
) {
  const parts = {
    catalog: open.catalog,
    patientTags: mainDicomTags().Patient,
    overwrites: true,
    patientLevel: true,
  };
  return modificationState(parts, {
    ...options,
    request: { ...nothing, ...request },
    force: true,
    level,
    resources: publicIds.map((publicId) => ({ level, publicId })),
    isSingle: true,
    ...more,
  });
}

/** Runs a job to its end; what it tells then. */
async function finished<State>(type: JobType<State>, state: State, signal = new AbortController().signal) {
  let last = state;
  for await (const step of type.run(state, signal)) last = step.state;
  return type.describe(last);
}

const idsOf = async (level: Level, relatedTo?: ResourceReference): Promise<string[]> => {
  const found = await open.catalog.find({ level, ...(relatedTo && { relatedTo }), include: {} });
  return found.map(({ publicId }) => publicId);
};

async function metadataOf(publicId: string, number: number): Promise<string | undefined> {
  return (await open.catalog.metadata(publicId))?.[number]?.value;
}

async function studyOf(publicId: string) {
  const include = { mainDicomTags: ["Patient", "Study"] as const, counts: true, labels: true, ancestors: true };
  const [found] = await open.catalog.find({ level: "Study", publicIds: [publicId], include });
  return found;
}

describe("ResourceModification", () => {
  it("makes a new study, and tells where it comes from", async () => {
    const { patients, studies, series, instances } = await stored();
    const state = await order("Study", studies, { replace: { StudyDescription: "changed" } });
    const content = await finished(jobs.modification, state);
    const id = String(content["ID"]);
    expect(content).toEqual({
      Description: "REST API",
      InstancesCount: 5,
      FailedInstancesCount: 0,
      IsAnonymization: false,
      ParentResources: studies,
      Resources: [{ ID: studies[0], Type: "Study" }],
      ID: id,
      Path: `/studies/${id}`,
      Type: "Study",
      PatientID: patients[0],
    });
    expect(studies).not.toContain(id);
    expect(await studyOf(id)).toMatchObject({
      counts: { series: 2, instances: 5 },
      mainDicomTags: { Study: { "00081030": "changed" } },
    });
    expect(await metadataOf(id, 5)).toBe(studies[0]);
    expect(await metadataOf(patients[0] ?? "", 5)).toBeUndefined();
    const made = { level: "Study", publicId: id } as const;
    const origins = async (level: Level) => {
      const marks = (await idsOf(level, made)).map((publicId) => metadataOf(publicId, 5));
      return new Set(await Promise.all(marks));
    };
    expect(await origins("Series")).toEqual(new Set(series));
    expect(await origins("Instance")).toEqual(new Set(instances));
    expect(await idsOf("Instance")).toHaveLength(10);
  });

  it("removes the originals only when asked, and in the end", async () => {
    const { studies, instances } = await stored();
    const state = await order("Study", studies, {}, { keepSource: false });
    for await (const { state: step } of jobs.modification.run(state, new AbortController().signal)) {
      expect(await idsOf("Instance")).toEqual(expect.arrayContaining(instances));
      expect(step.outputs.instances.length).toBe(step.position);
    }
    expect(await studyOf(studies[0] ?? "")).toBeUndefined();
    expect(await idsOf("Instance")).toHaveLength(5);
  });

  it("anonymises several patients at once, each to one of its own", async () => {
    const [one, two] = [await stored({ seed: 1 }), await stored({ seed: 2 })];
    const state = await order("Patient", [...one.patients, ...two.patients], { anonymization }, { isSingle: false });
    const content = await finished(jobs.modification, state);
    const resources = content["Resources"] as { Type: string; ID: string; Path: string }[];
    const made = (type: string) => resources.filter(({ Type }) => Type === type).map(({ ID }) => ID);
    expect(["Patient", "Study", "Series", "Instance"].map((type) => made(type).length)).toEqual([2, 2, 4, 10]);
    expect(content).toMatchObject({ IsAnonymization: true, InstancesCount: 10 });
    expect(content["ID"]).toBeUndefined();
    const origins = await Promise.all(made("Patient").map((id) => metadataOf(id, 6)));
    expect(new Set(origins)).toEqual(new Set([...one.patients, ...two.patients]));
  });

  it("goes on after an interruption with the same identifiers", async () => {
    const { studies } = await stored();
    const state = await order("Study", studies, { anonymization });
    const steps: Progress<typeof state>[] = [];
    for await (const step of jobs.modification.run(state, new AbortController().signal)) steps.push(step);
    const uninterrupted = await idsOf("Instance");
    expect(steps.map(({ state: { position } }) => position)).toEqual([2, 4, 5]);
    expect(steps.every(({ fraction }, at) => fraction > (steps[at - 1]?.fraction ?? 0) && fraction < 1)).toBe(true);
    // Saved state goes through JSON; the second batch was stored, but a crash came before that was saved.
    const saved = JSON.parse(JSON.stringify(steps[0]?.state)) as typeof state;
    const content = await finished(jobs.modification, saved);
    expect(content).toMatchObject({ InstancesCount: 5, FailedInstancesCount: 0 });
    expect(await idsOf("Instance")).toEqual(uninterrupted);
    expect(uninterrupted).toHaveLength(10);
  });

  it("stops when it is cancelled, and leaves the originals", async () => {
    const { studies, instances } = await stored();
    const stop = new AbortController();
    const steps = jobs.modification.run(await order("Study", studies, {}, { keepSource: false }), stop.signal);
    await steps.next();
    stop.abort(new Error("cancelled"));
    await expect(steps.next()).rejects.toThrow("cancelled");
    expect(await idsOf("Instance")).toEqual(expect.arrayContaining(instances));
  });

  it("fails with an instance that has gone, unless it is permissive: then the others are done", async () => {
    const { studies, instances } = await stored();
    const strict = await order("Study", studies, {}, { keepSource: false });
    const permissive = await order("Study", studies, {}, { keepSource: false, permissive: true });
    await open.archive.remove(strict.instances[0] ?? "", "Instance");
    await expect(finished(jobs.modification, strict)).rejects.toMatchObject({ errorName: "UnknownResource" });
    expect(await idsOf("Instance", { level: "Study", publicId: studies[0] ?? "" })).toHaveLength(instances.length - 1);
    const content = await finished(jobs.modification, permissive);
    expect(content).toMatchObject({ InstancesCount: 5, FailedInstancesCount: 1 });
    expect(await studyOf(studies[0] ?? "")).toBeUndefined();
  });

  it("refuses to put two instances in one place", async () => {
    const { series } = await stored();
    const state = await order("Series", series.slice(0, 1), {});
    const collapsed = { ...state, request: { ...state.request, replace: { SOPInstanceUID: "1.2.3" } } };
    await expect(finished(jobs.modification, collapsed)).rejects.toMatchObject({ errorName: "CannotStoreInstance" });
  });

  it("copies labels when asked", async () => {
    const { studies, series } = await stored();
    await open.catalog.addLabel(studies[0] ?? "", "trial");
    await open.catalog.addLabel(series[0] ?? "", "first");
    const without = await finished(jobs.modification, await order("Study", studies, {}));
    const withLabels = await finished(jobs.modification, await order("Study", studies, {}, { keepLabels: true }));
    expect((await studyOf(String(without["ID"])))?.labels).toEqual([]);
    expect((await studyOf(String(withLabels["ID"])))?.labels).toEqual(["trial"]);
    expect(await open.catalog.labels()).toEqual(["first", "trial"]);
  });

  it("tells the catalog what a study has become whose other series were not touched", async () => {
    const { studies, series } = await stored();
    await finished(
      jobs.modification,
      await order("Series", series.slice(0, 1), { replace: { StudyDescription: "new" } }),
    );
    expect((await studyOf(studies[0] ?? ""))?.mainDicomTags?.Study?.["00081030"]).toBe("new");
  });
});

describe("ResourceModification in place", () => {
  beforeEach(async () => {
    await open[Symbol.asyncDispose]();
    const policy = {
      overwrite: "Always",
      maximumStorageSize: 0,
      maximumPatientCount: 0,
      storageMode: "Recycle",
    } as const;
    await begin({ policy });
  });

  it("overwrites the originals", async () => {
    const { studies, instances } = await stored();
    const state = await order("Study", studies, { keep: allUids, replace: { StudyDescription: "in place" } });
    const content = await finished(jobs.modification, state);
    expect(content["ID"]).toBe(studies[0]);
    expect((await idsOf("Instance")).toSorted()).toEqual(instances.toSorted());
    expect((await studyOf(studies[0] ?? ""))?.mainDicomTags?.Study?.["00081030"]).toBe("in place");
    const header = await open.archive.header(instances[0] ?? "");
    expect(header?.dataset.text(0x00081030)).toBe("in place");
  });

  it("never removes what it has just overwritten", async () => {
    const { studies, instances } = await stored();
    const replace = { PatientID: "PHANTOM-1", PatientName: "Same^Patient" };
    const state = await order("Study", studies, { keep: allUids, replace }, { keepSource: false });
    await finished(jobs.modification, state);
    expect((await idsOf("Instance")).toSorted()).toEqual(instances.toSorted());
  });

  it("needs the originals to be kept", async () => {
    const { studies } = await stored();
    await expect(order("Study", studies, { keep: allUids }, { keepSource: false })).rejects.toMatchObject({
      errorName: "BadRequest",
      details: expect.stringContaining('"KeepSource" to be true'),
    });
  });
});

describe("checks of a modification", () => {
  it.each<[Level, Partial<ModificationRequest>, string]>([
    ["Patient", {}, "expected a new PatientID"],
    ["Patient", { replace: { PatientID: "x", StudyInstanceUID: "1.2" } }, "StudyInstanceUID cannot be replaced"],
    ["Study", { replace: { SeriesInstanceUID: "1.2" } }, "SeriesInstanceUID cannot be replaced"],
    ["Series", { replace: { SOPInstanceUID: "1.2" } }, "SOPInstanceUID cannot be replaced"],
    ["Series", { replace: { PatientID: "x" } }, "PatientID is that of its parent"],
    ["Instance", { replace: { SeriesInstanceUID: "1.2" } }, "SeriesInstanceUID is that of its parent"],
    ["Patient", { anonymization, keep: ["PatientID"] }, "expected a new PatientID"],
    ["Study", { remove: ["StudyInstanceUID"] }, "StudyInstanceUID identifies resources and cannot be removed"],
  ])("%s %j", async (level, request, details) => {
    await expect(order(level, ["x"], request)).rejects.toMatchObject({
      errorName: "BadRequest",
      details: expect.stringContaining(details),
    });
  });

  it.each<Partial<ModificationRequest>>([
    { replace: { PatientID: "x" } },
    { keep: ["0008,0018"] },
    { remove: ["StudyInstanceUID"] },
  ])("%j needs Force", async (request) => {
    await expect(order("Study", ["x"], request, { force: false })).rejects.toMatchObject({
      errorName: "BadRequest",
      details: expect.stringContaining('expected "Force" to be true'),
    });
  });

  it("want a study to agree with the other studies of its patient", async () => {
    const { studies } = await stored({ seed: 1, patientId: "P1", patientName: "Doe^Jane" });
    const change = { replace: { PatientName: "Roe^Jane" } };
    expect((await order("Study", studies, change)).instances).toHaveLength(5);
    await stored({ seed: 2, patientId: "P1", patientName: "Doe^Jane" });
    await expect(order("Study", studies, change)).rejects.toMatchObject({
      errorName: "BadRequest",
      details: expect.stringContaining('expected PatientName to be "Doe^Jane"'),
    });
    const moved = { replace: { PatientID: "P2", PatientName: "Roe^Jane" } };
    expect((await order("Study", studies, moved)).instances).toHaveLength(5);
  });
});

describe("SplitStudy", () => {
  it("moves series to a new study, with what the user wants of it", async () => {
    const { studies, series, patients } = await stored();
    const [study = ""] = studies;
    const state = await splitState(open.catalog, {
      ...options,
      keepSource: false,
      study,
      series: series.slice(0, 1),
      instances: [],
      replace: { StudyDescription: "split" },
      remove: ["AccessionNumber"],
    });
    const content = await finished(jobs.split, state);
    const target = await studyOf(String(content["TargetStudy"]));
    expect(content).toMatchObject({ InstancesCount: 3, TargetStudyUID: target?.mainDicomTags?.Study?.["0020000D"] });
    expect(target).toMatchObject({
      counts: { series: 1, instances: 3 },
      ancestors: { Patient: patients[0] },
      mainDicomTags: { Study: { "00081030": "split" } },
    });
    expect(target?.mainDicomTags?.Study).not.toHaveProperty("00080050");
    expect(await studyOf(study)).toMatchObject({ counts: { series: 1, instances: 2 } });
    expect(await metadataOf(String(content["TargetStudy"]), 5)).toBeUndefined();
  });

  it.each([
    [{ replace: { Modality: "CT" } }, "ParameterOutOfRange", "Modality (0008,0060)"],
    [{ remove: ["StudyInstanceUID"] }, "ParameterOutOfRange", "StudyInstanceUID (0020,000d)"],
    [{ series: ["nothing"] }, "UnknownResource", "series nothing does not belong"],
  ])("refuses %j", async (wrong, errorName, details) => {
    const { studies, series } = await stored();
    const right = { study: studies[0] ?? "", series: series.slice(0, 1), instances: [], replace: {}, remove: [] };
    await expect(splitState(open.catalog, { ...options, ...right, ...wrong })).rejects.toMatchObject({
      errorName,
      details: expect.stringContaining(details),
    });
  });
});

describe("MergeStudy", () => {
  it("moves a study into another, whose patient and study it takes over", async () => {
    const target = await stored({ seed: 1, patientName: "Doe^Jane" });
    const other = await stored({ seed: 2, patientName: "Roe^Joe", instances: 2 });
    const [study = ""] = target.studies;
    const state = await mergeState(open, { ...options, keepSource: false, study, resources: other.studies });
    const content = await finished(jobs.merge, state);
    expect(content).toMatchObject({ InstancesCount: 2, TargetStudy: study });
    expect(await studyOf(study)).toMatchObject({
      counts: { series: 3, instances: 7 },
      mainDicomTags: { Patient: { "00100010": "Doe^Jane" }, Study: { "00080050": "A100001" } },
    });
    expect(await studyOf(other.studies[0] ?? "")).toBeUndefined();
    expect(await idsOf("Patient")).toEqual(target.patients);
  });

  it("keeps series apart that have the same UID in different studies", async () => {
    const target = await stored({ seed: 1 });
    const other = await stored({ seed: 2 });
    const [study = ""] = target.studies;
    const same = await finished(
      jobs.modification,
      await order("Study", other.studies, { keep: ["SeriesInstanceUID", "SOPInstanceUID"] }),
    );
    const resources = [...other.studies, String(same["ID"])];
    await finished(jobs.merge, await mergeState(open, { ...options, study, resources }));
    expect(await studyOf(study)).toMatchObject({ counts: { series: 6, instances: 15 } });
  });

  it("refuses patients, and what is in the study already", async () => {
    const { studies, series, patients } = await stored();
    const [study = ""] = studies;
    for (const resources of [patients, studies, series, ["nothing"]]) {
      await expect(mergeState(open, { ...options, study, resources })).rejects.toMatchObject({
        errorName: "UnknownResource",
      });
    }
  });
});
