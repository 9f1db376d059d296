import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import type { Elements } from "../../test/phantoms/explicit-writer.ts";
import { makeStudy, type StudyOptions } from "../../test/phantoms/study.ts";
import { mainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Archive } from "./archive.ts";
import { countResources, findResources, requestedTagsOf, type AttributeQuery, type FindOptions } from "./find.ts";

const PatientName = 0x00100010;
const PatientID = 0x00100020;
const StudyDate = 0x00080020;
const StudyInstanceUID = 0x0020000d;
const Modality = 0x00080060;
const ModalitiesInStudy = 0x00080061;
const SOPClassUID = 0x00080016;
const SOPClassesInStudy = 0x00080062;
const InstanceNumber = 0x00200013;
const Rows = 0x00280010;
const InstanceAvailability = 0x00080056;
const NumberOfStudyRelatedInstances = 0x00201208;
const NumberOfSeriesRelatedInstances = 0x00201209;
const RequestAttributesSequence = 0x00400275;
const ScheduledProcedureStepID = 0x00400009;
const BodyPartThickness = 0x001811a0;

const ctImage = "1.2.840.10008.5.1.4.1.1.2";

const studies: readonly StudyOptions[] = [
  {
    patientId: "A",
    patientName: "Müller^Anna",
    studyDate: "20260101",
    modality: "CT",
    seed: 1,
    instances: 3,
    rows: 16,
  },
  {
    patientId: "A",
    patientName: "Müller^Anna",
    studyDate: "20260215",
    modality: "MR",
    seed: 2,
    instances: 1,
    rows: 32,
  },
  { patientId: "B", patientName: "Smith^John", studyDate: "20260331", modality: "CT", seed: 3, instances: 2, rows: 16 },
];

const steps: Elements = [[RequestAttributesSequence, "SQ", [[[ScheduledProcedureStepID, "SH", "STEP 1"]]]]];

let open: TestArchive;
let headersRead = 0;

beforeAll(async () => {
  open = await openTestArchive();
  for (const study of studies) {
    const attributes = study.patientId === "B" ? steps : [];
    for (const { file } of makeStudy({ ...study, attributes })) await open.archive.ingest(file, { kind: "RestApi" });
  }
});

afterAll(() => open[Symbol.asyncDispose]());

function partsWith(options: Partial<FindOptions> = {}) {
  const archive: Pick<Archive, "header"> = {
    header(instance) {
      headersRead += 1;
      return open.archive.header(instance);
    },
  };
  const defaults: FindOptions = {
    mainDicomTags: mainDicomTags(),
    storageAccess: "Always",
    limitFindResults: 0,
    limitFindInstances: 0,
  };
  return { catalog: open.catalog, archive, options: { ...defaults, ...options } };
}

type Query = Partial<AttributeQuery> & Pick<AttributeQuery, "level">;

function completed(query: Query): AttributeQuery {
  return { attributes: [], caseSensitive: false, include: {}, ...query };
}

/** The values of one tag in all matches, in the order in which they were stored. */
async function valuesOf(tag: number, query: Query, options: Partial<FindOptions> = {}): Promise<unknown[]> {
  const matches = await findResources(partsWith(options), completed({ ...query, requestedTags: [tag] }));
  const hex = tag.toString(16).toUpperCase().padStart(8, "0");
  return matches.map(({ requestedTags }) => requestedTags[hex]);
}

/** Expected values by the rules of PS3.4 §C.2.2.2. */
describe("matching", () => {
  test.each([
    { how: "universal", tag: StudyDate, value: "", dates: ["20260101", "20260215", "20260331"] },
    { how: "single value", tag: StudyDate, value: "20260215", dates: ["20260215"] },
    { how: "range", tag: StudyDate, value: "20260102-20260331", dates: ["20260215", "20260331"] },
    { how: "range open below", tag: StudyDate, value: "-20260215", dates: ["20260101", "20260215"] },
    { how: "range open above", tag: StudyDate, value: "20260215-", dates: ["20260215", "20260331"] },
    { how: "list of values", tag: StudyDate, value: String.raw`20260101\20260331`, dates: ["20260101", "20260331"] },
    { how: "wildcard", tag: PatientName, value: "sm?th*", dates: ["20260331"] },
    { how: "wildcard over letters with accents", tag: PatientName, value: "MÜLLER*", dates: ["20260101", "20260215"] },
    { how: "wildcard that matches nothing", tag: PatientName, value: "sm?th", dates: [] },
    { how: "modalities of the series", tag: ModalitiesInStudy, value: String.raw`MR\US`, dates: ["20260215"] },
    { how: "a tag of the series", tag: Modality, value: "CT", dates: ["20260101", "20260331"] },
    { how: "a computed tag", tag: SOPClassesInStudy, value: ctImage, dates: ["20260101", "20260331"] },
    { how: "a count", tag: NumberOfStudyRelatedInstances, value: "3", dates: ["20260101"] },
    { how: "a tag that is in files only", tag: Rows, value: "32", dates: ["20260215"] },
    { how: "a tag that no file has", tag: BodyPartThickness, value: "1", dates: [] },
    { how: "a tag of the instances", tag: InstanceNumber, value: "1", dates: [] },
  ])("$how", async ({ tag, value, dates }) => {
    expect(await valuesOf(StudyDate, { level: "Study", attributes: [{ tag, value }] })).toEqual(dates);
  });

  test("case matters when it is asked for", async () => {
    const attributes = [{ tag: PatientName, value: "smith*" }];
    expect(await valuesOf(StudyDate, { level: "Study", attributes, caseSensitive: true })).toEqual([]);
  });

  test("all conditions must hold", async () => {
    const attributes = [
      { tag: PatientID, value: "A" },
      { tag: Rows, value: "16" },
    ];
    expect(await valuesOf(StudyDate, { level: "Study", attributes })).toEqual(["20260101"]);
  });

  test("tags of the levels above are matched", async () => {
    const attributes = [{ tag: PatientID, value: "B" }];
    expect(await valuesOf(InstanceNumber, { level: "Instance", attributes })).toEqual(["1", "2"]);
  });

  test("instances are found by their SOP class without reading files", async () => {
    headersRead = 0;
    const attributes = [{ tag: SOPClassUID, value: ctImage }];
    expect(await valuesOf(SOPClassUID, { level: "Instance", attributes })).toEqual(
      Array.from({ length: 5 }, () => ctImage),
    );
    expect(headersRead).toBe(0);
  });

  test.each([
    { tag: StudyInstanceUID, value: "1.2.*", error: "ParameterOutOfRange" },
    { tag: RequestAttributesSequence, value: "x", error: "BadRequest" },
  ])("$value for tag $tag is refused: $error", async ({ tag, value, error }) => {
    const query = completed({ level: "Study", attributes: [{ tag, value }] });
    await expect(findResources(partsWith(), query)).rejects.toMatchObject({ errorName: error });
  });
});

describe("StorageAccessOnFind", () => {
  const attributes = [{ tag: Rows, value: "16" }];

  test.each(["Never", "Answers"] as const)("%s: tags that are in files only never match", async (storageAccess) => {
    headersRead = 0;
    expect(await valuesOf(StudyDate, { level: "Study", attributes }, { storageAccess })).toEqual([]);
    expect(headersRead).toBe(0);
  });

  test("Never: tags that are in files only are not answered", async () => {
    expect(await valuesOf(Rows, { level: "Study" }, { storageAccess: "Never" })).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(await valuesOf(Rows, { level: "Study" }, { storageAccess: "Answers" })).toEqual(["16", "32", "16"]);
  });

  test("since does not go with tags that are in files only", async () => {
    const query = completed({ level: "Study", attributes, since: 1 });
    await expect(findResources(partsWith(), query)).rejects.toMatchObject({ errorName: "BadRequest" });
  });
});

describe("limits", () => {
  test.each([
    { level: "Study", limit: 0, found: 3 },
    { level: "Study", limit: 2, found: 2 },
    { level: "Instance", limit: 0, found: 4 },
    { level: "Instance", limit: 5, found: 4 },
  ] as const)("$level, limit $limit: $found", async ({ level, limit, found }) => {
    expect(await findResources(partsWith({ limitFindInstances: 4 }), completed({ level, limit }))).toHaveLength(found);
  });

  test("hold for what is matched in files, too", async () => {
    const query = completed({ level: "Instance", attributes: [{ tag: Rows, value: "16" }], limit: 2 });
    expect(await findResources(partsWith(), query)).toHaveLength(2);
  });
});

describe("requested tags", () => {
  test("come from the catalog, are computed, or are read from one file", async () => {
    const query = completed({
      level: "Study",
      attributes: [
        { tag: PatientID, value: "A" },
        { tag: StudyDate, value: "20260101" },
      ],
      requestedTags: [
        PatientName,
        StudyDate,
        ModalitiesInStudy,
        NumberOfStudyRelatedInstances,
        SOPClassesInStudy,
        Rows,
      ],
    });
    const [match] = await findResources(partsWith(), query);
    expect(match?.requestedTags).toEqual({
      "00100010": "Müller^Anna",
      "00080020": "20260101",
      "00080061": "CT",
      "00201208": "3",
      "00080062": ctImage,
      "00280010": "16",
    });
  });

  test("have no meaning at other levels than theirs: left out", async () => {
    const requestedTags = [NumberOfStudyRelatedInstances, NumberOfSeriesRelatedInstances, InstanceAvailability];
    const attributes = [{ tag: Modality, value: "MR" }];
    const [match] = await findResources(partsWith(), completed({ level: "Series", attributes, requestedTags }));
    expect(match?.requestedTags).toEqual({ "00201209": "1" });
  });

  test("that are sequences come from the catalog in the DICOM JSON model", async () => {
    headersRead = 0;
    const attributes = [{ tag: PatientID, value: "B" }];
    expect(await valuesOf(RequestAttributesSequence, { level: "Series", attributes })).toEqual([
      [{ "00400009": { vr: "SH", Value: ["STEP 1"] } }],
    ]);
    expect(headersRead).toBe(0);
  });

  test("are read for resources that were found before", async () => {
    const found = await open.catalog.find({ level: "Study", include: {} });
    const tags = await requestedTagsOf(partsWith(), found, [StudyDate, Rows]);
    expect(tags.map((values) => values["00280010"])).toEqual(["16", "32", "16"]);
    expect(tags.map((values) => values["00080020"])).toEqual(["20260101", "20260215", "20260331"]);
  });
});

describe("counting", () => {
  test("counts by tags of the catalog", async () => {
    const attributes = [{ tag: PatientID, value: "A" }];
    expect(await countResources(partsWith(), { level: "Instance", attributes, caseSensitive: false })).toBe(4);
    const ofInstances = [{ tag: InstanceNumber, value: "1" }];
    expect(await countResources(partsWith(), { level: "Study", attributes: ofInstances, caseSensitive: false })).toBe(
      0,
    );
  });

  test.each([
    { tag: Rows, caseSensitive: false, error: "BadRequest" },
    { tag: PatientID, caseSensitive: true, error: "ParameterOutOfRange" },
  ])("refuses what it cannot count: $error", async ({ tag, caseSensitive, error }) => {
    const query = { level: "Study", attributes: [{ tag, value: "1" }], caseSensitive } as const;
    await expect(countResources(partsWith(), query)).rejects.toMatchObject({ errorName: error });
  });
});
