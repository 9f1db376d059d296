import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { jsonOf } from "../testing/client.ts";
import { partsOf, startStore, type StoreFixture } from "../testing/store-fixture.ts";
import { tinyDicom } from "../testing/tiny-dicom.ts";

let fixture: StoreFixture;

beforeAll(async () => {
  fixture = await startStore();
  const files = Array.from({ length: 105 }, (_, index) =>
    tinyDicom({
      study: `1.${index}`,
      series: `1.${index}.1`,
      instance: `1.${index}.1.1`,
      patientName: index === 7 ? "O'Neil^Mary Ann" : `Doe^${index}`,
      patientId: `P${index}`,
      studyDate: `2024${String((index % 12) + 1).padStart(2, "0")}01`,
      modality: index % 2 === 0 ? "CT" : "MR",
    }),
  );
  const more = tinyDicom({ study: "1.3", series: "1.3.2", instance: "1.3.2.1", patientName: "Doe^3", patientId: "P3" });
  expect((await fixture.stow([...files, more])).status).toBe(200);
});
beforeEach(() => {
  fixture.emulator.settings.change({ excessiveLimit: "refuse", indexLag: 0 });
});
afterAll(() => fixture[Symbol.asyncDispose]());

type Found = Record<string, { Value?: unknown[] }>;

async function find(query: string): Promise<Found[]> {
  const answer = await fixture.send(query);
  return answer.status === 204 ? [] : (jsonOf(answer) as Found[]);
}

const identifiers = (found: readonly Found[], tag: string): unknown[] => found.map((item) => item[tag]?.Value?.[0]);

describe("matching", () => {
  test.each([
    ["PatientID=P7", ["1.7"]],
    ["00100020=P7", ["1.7"]],
    ["PatientName=Doe%5E3", ["1.3"]],
    ["PatientName=doe%5E3", []],
    ["PatientName=Doe*", []],
    ["PatientID=P1,P2", []],
    ["StudyInstanceUID=1.7%5C1.8", []],
    ["PatientName=mary&fuzzymatching=true", ["1.7"]],
    ["PatientName=ann%20o%27n&fuzzymatching=true", ["1.7"]],
    ["StudyDate=20240101-20240201&PatientID=P1", ["1.1"]],
    ["StudyDate=-20240101&PatientID=P0", ["1.0"]],
    ["StudyDate=20240202-&PatientID=P1", []],
    ["StudyDate=20240201&PatientID=P1", ["1.1"]],
    ["AccessionNumber=A1&PatientID=P2", ["1.2"]],
  ])("%s", async (query, expected) => {
    expect(identifiers(await find(`/studies?${query}`), "0020000D")).toEqual(expected);
  });

  test.each([
    "/studies?StudyDescription=x",
    "/studies?ModalitiesInStudy=CT",
    "/studies?PatientBirthDate=20000101",
    "/studies?Modality=CT",
    "/series?SOPInstanceUID=1",
    "/studies?SeriesInstanceUID=1",
    "/studies?limit=x",
    "/studies?limit=5001",
    "/instances?limit=50001",
    "/studies?offset=1000001",
  ])("%s: 400", async (query) => {
    const answer = await fixture.send(query);
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ error: { status: "INVALID_ARGUMENT" } });
  });

  test("at the levels of series and instances, with those of the study", async () => {
    expect(identifiers(await find("/studies/1.3/series?Modality=OT"), "0020000E")).toEqual(["1.3.2"]);
    expect(identifiers(await find("/series?PatientID=P3"), "0020000E")).toEqual(["1.3.1", "1.3.2"]);
    expect(identifiers(await find("/instances?SOPInstanceUID=1.9.1.1"), "00080018")).toEqual(["1.9.1.1"]);
    expect(await find("/studies/1.3/instances")).toHaveLength(2);
    expect(await find("/studies/1.3/series/1.3.2/instances")).toHaveLength(1);
  });
});

describe("pages", () => {
  test("100 studies by default, no Warning, the rest by offset", async () => {
    const answer = await fixture.send("/studies");
    expect(jsonOf(answer)).toHaveLength(100);
    expect(answer.headers).not.toHaveProperty("warning");
    expect(await find("/studies?offset=100")).toHaveLength(5);
    expect(await find("/studies?limit=3&offset=2")).toHaveLength(3);
    expect(await find("/instances")).toHaveLength(106);
  });

  test("nothing found is 204", async () => {
    const answer = await fixture.send("/studies?PatientID=nobody");
    expect(answer.status).toBe(204);
    expect(answer.bytes).toHaveLength(0);
  });

  test("an excessive limit may be lowered instead", async () => {
    fixture.emulator.settings.change({ excessiveLimit: "clamp" });
    expect(await find("/studies?limit=999999")).toHaveLength(105);
  });
});

describe("answers", () => {
  test("a study's default attributes, in order of tags", async () => {
    const [study] = await find("/studies?PatientID=P7");
    expect(Object.keys(study ?? {})).toEqual([
      "00080005",
      "00080020",
      "00080050",
      "00080056",
      "00081190",
      "00100010",
      "00100020",
      "0020000D",
    ]);
    expect(study?.["00100010"]).toEqual({ vr: "PN", Value: [{ Alphabetic: "O'Neil^Mary Ann" }] });
    expect(study?.["00081190"]?.Value).toEqual([`${fixture.emulator.url}${fixture.surface}/studies/1.7`]);
  });

  test.each(["all", "StudyDescription", "00081030", "PatientSex,StudyDescription"])(
    "includefield=%s adds",
    async (field) => {
      const [study] = await find(`/studies?PatientID=P7&includefield=${field}`);
      expect(study?.["00081030"]).toEqual({ vr: "LO", Value: ["a study"] });
      expect(study).not.toHaveProperty("00201208");
    },
  );

  test("XML as multipart; other types not at all", async () => {
    const xml = await fixture.send("/studies?PatientID=P7", {
      headers: { accept: 'multipart/related; type="application/dicom+xml"' },
    });
    expect(partsOf(xml).map(String)).toEqual([expect.stringContaining("<FamilyName>O'Neil</FamilyName>")]);
    expect((await fixture.send("/studies", { headers: { accept: "application/json" } })).status).toBe(406);
  });

  test("the index may lag behind", async () => {
    fixture.emulator.settings.change({ indexLag: 30 });
    await fixture.stow([tinyDicom({ study: "7.7", patientId: "late" })]);
    expect(await find("/studies?PatientID=late")).toEqual([]);
    fixture.emulator.settings.change({ indexLag: 0 });
    expect(await find("/studies?PatientID=late")).toHaveLength(1);
  });
});
