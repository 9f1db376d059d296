import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import type { StudyOptions } from "../phantoms/study.ts";
import { ask, askJson } from "./ask.ts";
import { type Stored, uploadStudy } from "./upload.ts";

/** The studies that are searched: a name of the test for each. */
const studies: Readonly<Record<string, StudyOptions>> = {
  ann: { seed: 1, patientName: "Müller^Ann", patientId: "P-1", studyDate: "20200131", accessionNumber: "A_1" },
  annAgain: { seed: 2, patientName: "Müller^Ann", patientId: "P-1", studyDate: "20210615", modality: "MR" },
  bob: { seed: 3, patientName: "SMITH^BOB", patientId: "P-2", studyDate: "20220301", instances: 4, perSeries: 2 },
  carl: { seed: 4, patientName: "Smithson^Carl", patientId: "p-3", studyDate: "20220302", modality: "US" },
};

describe("/tools/find (behaviour §5)", () => {
  let server: TestServer;
  const stored = new Map<string, Stored>();
  beforeAll(async () => {
    server = await startTestServer();
    for (const [name, options] of Object.entries(studies)) {
      const [last] = (await uploadStudy(server.url, options)).toReversed();
      if (last !== undefined) stored.set(name, last);
    }
    await ask(server.url, `PUT /studies/${of("ann").ParentStudy}/labels/red`);
    await ask(server.url, `PUT /studies/${of("ann").ParentStudy}/labels/round`);
    await ask(server.url, `PUT /studies/${of("bob").ParentStudy}/labels/red`);
    await ask(server.url, `PUT /studies/${of("bob").ParentStudy}/metadata/1024`, { body: "urgent" });
    await ask(server.url, `PUT /studies/${of("carl").ParentStudy}/metadata/1024`, { body: "routine" });
  });
  afterAll(() => server.close());

  function of(name: string): Stored {
    const found = stored.get(name);
    if (found === undefined) throw new Error(`There is no study ${name}`);
    return found;
  }

  const find = <T = readonly string[]>(body: object) => askJson<T>(server.url, "POST /tools/find", { body });

  const count = (body: object) => askJson(server.url, "POST /tools/count-resources", { body });

  /** The names of the studies found, in their order in the test. */
  async function found(fields: object): Promise<readonly string[]> {
    const ids = await find({ Level: "Study", ...fields });
    return [...stored].filter(([, { ParentStudy }]) => ids.includes(ParentStudy)).map(([name]) => name);
  }

  const everything = ["ann", "annAgain", "bob", "carl"];

  it.each([
    [{}, everything],
    [{ PatientName: "" }, everything],
    [{ PatientName: "*" }, everything],
    [{ PatientName: "smith*" }, ["bob", "carl"]],
    [{ PatientName: "SMITH^BOB" }, ["bob"]],
    [{ PatientName: "smith^bob" }, ["bob"]],
    [{ PatientName: "MÜLLER*" }, ["ann", "annAgain"]],
    [{ PatientName: "M?ller^Ann" }, ["ann", "annAgain"]],
    [{ PatientName: "SMITH" }, []],
    [{ PatientID: "P-1\\P-2" }, ["ann", "annAgain", "bob"]],
    [{ PatientID: "P-3" }, ["carl"]],
    [{ PatientID: "P?2" }, ["bob"]],
    [{ "0010,0020": "P-2" }, ["bob"]],
    [{ "00100020": "P-2" }, ["bob"]],
    [{ AccessionNumber: "A_1" }, ["ann"]],
    [{ AccessionNumber: "A?1" }, ["ann"]],
    [{ StudyDate: "20200131" }, ["ann"]],
    [{ StudyDate: "20200131-20210615" }, ["ann", "annAgain"]],
    [{ StudyDate: "20210616-" }, ["bob", "carl"]],
    [{ StudyDate: "-20210615" }, ["ann", "annAgain"]],
    [{ StudyTime: "101400-101600" }, everything],
    [{ StudyTime: "-101400" }, []],
    [{ ModalitiesInStudy: "MR" }, ["annAgain"]],
    [{ ModalitiesInStudy: "MR\\US" }, ["annAgain", "carl"]],
    [{ Modality: "US" }, ["carl"]],
    [{ PatientName: "smith*", StudyDate: "20220302-" }, ["carl"]],
    [{ PatientBirthDate: "19700101" }, everything],
    [{ StudyDescription: "phantom*" }, everything],
    [{ ReferringPhysicianName: "*sician" }, everything],
    [{ ReferringPhysicianName: "sician*" }, []],
  ])("Query %j: %j", async (Query, expected) => {
    expect(await found({ Query })).toEqual(expected);
  });

  it("heeds the case where it shall", async () => {
    expect(await found({ Query: { PatientName: "smith*" }, CaseSensitive: true })).toEqual([]);
    expect(await found({ Query: { PatientName: "Smith*" }, CaseSensitive: true })).toEqual(["carl"]);
    expect(await found({ Query: { PatientID: "p-3" }, CaseSensitive: true })).toEqual(["carl"]);
  });

  it("reads attributes that the index has not from the files", async () => {
    expect(await find({ Level: "Instance", Query: { Rows: "8" } })).toHaveLength(7);
    expect(await find({ Level: "Instance", Query: { PhotometricInterpretation: "MONO*", PatientID: "P-2" } })).toEqual(
      expect.arrayContaining([of("bob").ID]),
    );
    expect(await find({ Level: "Instance", Query: { PhotometricInterpretation: "PALETTE*" } })).toEqual([]);
  });

  it("searches at every level, upper attributes included", async () => {
    expect((await find({ Level: "Patient", Query: { PatientName: "smith*" } })).toSorted()).toEqual(
      [of("bob").ParentPatient, of("carl").ParentPatient].toSorted(),
    );
    expect(await find({ Level: "Series", Query: { PatientID: "P-2" } })).toHaveLength(2);
    expect(await find({ Level: "Instances", Query: { PatientID: "P-2" } })).toHaveLength(4);
    expect(await find({ Level: "instance", Query: { PatientID: "P-2", InstanceNumber: "1" } })).toHaveLength(2);
  });

  it.each([
    [{ Labels: ["red"] }, ["ann", "bob"]],
    [{ Labels: ["red", "round"] }, ["ann"]],
    [{ Labels: ["red", "round"], LabelsConstraint: "Any" }, ["ann", "bob"]],
    [{ Labels: ["red"], LabelsConstraint: "None" }, ["annAgain", "carl"]],
    [{ Labels: [], LabelsConstraint: "None" }, ["annAgain", "carl"]],
    [{ Labels: ["blue"] }, []],
    [{ MetadataQuery: { 1024: "urgent" } }, ["bob"]],
    [{ MetadataQuery: { 1024: "*" } }, ["bob", "carl"]],
    [{ MetadataQuery: { 1024: "urgent\\routine" } }, ["bob", "carl"]],
    [{ MetadataQuery: { 1024: "r?utine" }, Query: { PatientID: "p-3" } }, ["carl"]],
  ])("%j: %j", async (fields, expected) => {
    expect(await found(fields)).toEqual(expected);
  });

  it("searches below a parent", async () => {
    expect(await found({ ParentPatient: of("ann").ParentPatient })).toEqual(["ann", "annAgain"]);
    expect(await find({ Level: "Instance", ParentStudy: of("bob").ParentStudy })).toHaveLength(4);
    expect(await find({ Level: "Instance", ParentSeries: of("bob").ParentSeries })).toHaveLength(2);
    expect(await find({ Level: "Study", ParentPatient: "00000000-00000000-00000000-00000000-00000000" })).toEqual([]);
  });

  it("orders and pages", async () => {
    const names = async (fields: object): Promise<readonly unknown[]> => {
      const matches = await find<{ MainDicomTags: Record<string, string> }[]>({
        Level: "Study",
        ResponseContent: ["MainDicomTags"],
        ...fields,
      });
      return matches.map(({ MainDicomTags }) => MainDicomTags["StudyDate"]);
    };
    const byDate = { Type: "DicomTag", Key: "StudyDate", Direction: "ASC" };
    const dates = ["20200131", "20210615", "20220301", "20220302"];
    expect(await names({ OrderBy: [byDate] })).toEqual(dates);
    expect(await names({ OrderBy: [{ ...byDate, Direction: "desc" }] })).toEqual(dates.toReversed());
    expect(await names({ OrderBy: [byDate], Limit: 2 })).toEqual(dates.slice(0, 2));
    expect(await names({ OrderBy: [byDate], Since: 1, Limit: 2 })).toEqual(dates.slice(1, 3));
    expect(await names({ OrderBy: [byDate], Since: 3, Limit: 0 })).toEqual(dates.slice(3));
    expect(await names({ OrderBy: [byDate], Since: 9 })).toEqual([]);
    const byPatientThenDate = [{ ...byDate, Key: "PatientID", Direction: "DESC" }, byDate];
    expect(await names({ OrderBy: byPatientThenDate })).toEqual(["20220302", "20220301", "20200131", "20210615"]);
    const byNote = { Type: "Metadata", Key: "1024", Direction: "DESC" };
    expect(await names({ MetadataQuery: { 1024: "*" }, OrderBy: [byNote] })).toEqual(["20220301", "20220302"]);
    // Together they visit everything once, without an order too.
    const pages = [await find({ Level: "Instance", Limit: 4 }), await find({ Level: "Instance", Since: 4, Limit: 4 })];
    expect(new Set(pages.flat()).size).toBe(7);
  });

  it("describes what it finds", async () => {
    const [study] = await find<object[]>({
      Level: "Study",
      Query: { PatientID: "P-2" },
      Expand: true,
      RequestedTags: [
        "ModalitiesInStudy",
        "NumberOfStudyRelatedSeries",
        "NumberOfStudyRelatedInstances",
        "PatientName",
      ],
    });
    expect(study).toMatchObject({
      ID: of("bob").ParentStudy,
      Type: "Study",
      ParentPatient: of("bob").ParentPatient,
      Labels: ["red"],
      IsStable: false,
      MainDicomTags: { StudyDate: "20220301", StudyDescription: "Phantom study" },
      PatientMainDicomTags: { PatientID: "P-2", PatientName: "SMITH^BOB" },
      RequestedTags: {
        ModalitiesInStudy: "CT",
        NumberOfStudyRelatedSeries: "2",
        NumberOfStudyRelatedInstances: "4",
        PatientName: "SMITH^BOB",
      },
      Series: expect.arrayContaining([of("bob").ParentSeries]),
    });
    const [short] = await find<object[]>({ Level: "Study", Query: { PatientID: "P-2" }, Expand: true, Short: true });
    expect(short).toMatchObject({ MainDicomTags: { "0008,0020": "20220301" } });
    const [full] = await find<object[]>({ Level: "Study", Query: { PatientID: "P-2" }, Expand: true, Full: true });
    expect(full).toMatchObject({
      MainDicomTags: { "0008,0020": { Name: "StudyDate", Type: "String", Value: "20220301" } },
    });
    expect(
      await find({ Level: "Study", Query: { PatientID: "P-2" }, ResponseContent: ["Metadata", "Children"] }),
    ).toEqual([
      {
        ID: of("bob").ParentStudy,
        Type: "Study",
        Series: expect.any(Array),
        Metadata: expect.objectContaining({ 1024: "urgent", LastUpdate: expect.any(String) }),
      },
    ]);
  });

  it("count-resources counts the same", async () => {
    expect(await count({ Level: "Study", Query: { PatientName: "smith*" } })).toEqual({ Count: 2 });
    expect(await count({ Level: "Instance" })).toEqual({ Count: 7 });
    expect(await count({ Level: "Study", Labels: ["red"] })).toEqual({ Count: 2 });
  });

  it.each([
    [{}, 8],
    [{ Level: 5 }, 8],
    [{ Level: "Galaxy" }, 3],
    [{ Level: "Study", Query: "PatientID" }, 8],
    [{ Level: "Study", Query: { PatientID: 5 } }, 8],
    [{ Level: "Study", CaseSensitive: "yes" }, 8],
    [{ Level: "Study", Labels: "red" }, 8],
    [{ Level: "Study", Labels: ["red"], LabelsConstraint: "Some" }, 8],
    [{ Level: "Study", MetadataQuery: { 1024: 5 } }, 8],
    [{ Level: "Study", ParentPatient: 5 }, 8],
    [{ Level: "Study", Limit: "5" }, 8],
    [{ Level: "Study", Limit: -1 }, 3],
    [{ Level: "Study", Since: -1 }, 3],
    [{ Level: "Study", RequestedTags: "PatientName" }, 8],
    [{ Level: "Study", OrderBy: { Type: "DicomTag" } }, 8],
    [{ Level: "Study", Query: { StudyDate: "2020*" } }, 3],
    [{ Level: "Instance", Query: { Rows: "8" }, Since: 2 }, 8],
  ])("%j is refused with code %i", async (body, code) => {
    const answer = await ask(server.url, "POST /tools/find", { body });
    expect([answer.status, answer.json()]).toEqual([400, expect.objectContaining({ OrthancStatus: code })]);
  });

  it("is for objects in JSON", async () => {
    for (const body of ["", "nonsense", "[]", '"text"']) {
      expect((await ask(server.url, "POST /tools/find", { body })).status).toBe(400);
    }
    expect((await ask(server.url, "GET /tools/find")).status).toBe(405);
  });
});

describe("the limits of searches", () => {
  it("LimitFindResults and LimitFindInstances count also where no limit is asked for", async () => {
    const server = await startTestServer({ LimitFindResults: 2, LimitFindInstances: 3 });
    await uploadStudy(server.url, { instances: 5, perSeries: 1 });
    const find = async (body: object) =>
      (await askJson<readonly string[]>(server.url, "POST /tools/find", { body })).length;
    expect(await find({ Level: "Series" })).toBe(2);
    expect(await find({ Level: "Series", Limit: 4 })).toBe(2);
    expect(await find({ Level: "Series", Limit: 1 })).toBe(1);
    expect(await find({ Level: "Instance" })).toBe(3);
    await server.close();
  });
});
