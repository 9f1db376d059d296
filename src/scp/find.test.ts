import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import type { Elements } from "../../test/phantoms/explicit-writer.ts";
import { makeStudy, type StudyOptions } from "../../test/phantoms/study.ts";
import { fakeRequest, responsesOf } from "../../test/scp/fake-request.ts";
import type { FindOptions } from "../archive/find.ts";
import { buildDataset, type NewAttribute } from "../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { mainDicomTags } from "../dicom/main-dicom-tags.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { Log } from "../util/log.ts";
import { noLog } from "../util/log.ts";
import { answerFind, type FindHandlerParts } from "./find.ts";

const SpecificCharacterSetTag = 0x00080005;
const SOPInstanceUID = 0x00080018;
const StudyDate = 0x00080020;
const QueryRetrieveLevel = 0x00080052;
const RetrieveAETitle = 0x00080054;
const InstanceAvailability = 0x00080056;
const ModalitiesInStudy = 0x00080061;
const TimezoneOffsetFromUTC = 0x00080201;
const StudyDescription = 0x00081030;
const PatientName = 0x00100010;
const PatientID = 0x00100020;
const InstanceNumber = 0x00200013;
const NumberOfStudyRelatedSeries = 0x00201206;
const NumberOfStudyRelatedInstances = 0x00201208;
const Rows = 0x00280010;
const RequestAttributesSequence = 0x00400275;
const RequestingPhysician = 0x00321032;
const ScheduledProcedureStepID = 0x00400009;
const privateCreator = 0x00290010;
const privateNumber = 0x00291008;
const privateBytes = 0x00291010;

const studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
const explicitLittleEndian = "1.2.840.10008.1.2.1";

const steps: Elements = [
  [StudyDescription, "LO", "Größe"],
  [RequestAttributesSequence, "SQ", [[[ScheduledProcedureStepID, "SH", "STEP 1"]]]],
  [privateCreator, "LO", "GREYHAVEN TEST"],
  [privateNumber, "US", 42],
];
const studies: readonly StudyOptions[] = [
  { patientId: "A", patientName: "Müller^Anna", studyDate: "20260101", seed: 1, instances: 3, rows: 16 },
  {
    patientId: "A",
    patientName: "Müller^Anna",
    studyDate: "20260215",
    modality: "MR",
    seed: 2,
    instances: 1,
    rows: 32,
  },
  {
    patientId: "B",
    patientName: "Smith^John",
    studyDate: "20260331",
    seed: 3,
    instances: 2,
    rows: 16,
    attributes: steps,
  },
];

let open: TestArchive;
const warnings: string[] = [];
const log: Log = { ...noLog, warn: (message) => warnings.push(message) };

beforeAll(async () => {
  open = await openTestArchive();
  for (const study of studies) {
    for (const { file } of makeStudy(study)) await open.archive.ingest(file, { kind: "RestApi" });
  }
});
afterAll(() => open[Symbol.asyncDispose]());

interface Asked {
  readonly level?: string;
  readonly keys: readonly NewAttribute[];
  readonly transferSyntaxUID?: string;
  readonly charset?: string;
  readonly signal?: AbortSignal;
  readonly parts?: Partial<FindHandlerParts>;
  readonly options?: Partial<FindOptions>;
}

/** The statuses and the identifiers of the answers. */
async function find(
  asked: Asked,
): Promise<{ readonly statuses: readonly number[]; readonly answers: readonly Dataset[] }> {
  const { level = "STUDY", keys, transferSyntaxUID = explicitLittleEndian, charset, signal } = asked;
  const identifier = buildDataset([
    ...(charset === undefined ? [] : [{ tag: SpecificCharacterSetTag, value: charset }]),
    ...(level === "" ? [] : [{ tag: QueryRetrieveLevel, value: level }]),
    ...keys,
  ]);
  const options: FindOptions = {
    mainDicomTags: mainDicomTags(),
    storageAccess: "Always",
    limitFindResults: 0,
    limitFindInstances: 0,
    ...asked.options,
  };
  const parts: FindHandlerParts = {
    find: { ...open, options },
    title: "GREYHAVEN",
    caseSensitivePN: false,
    defaultPrivateCreator: "",
    charset: () => SpecificCharacterSet.parse("ISO_IR 100"),
    isHiddenInLogs: () => false,
    log,
    ...asked.parts,
  };
  const dataset = writeDataset(identifier, { transferSyntaxUID });
  const request = fakeRequest({
    abstractSyntax: studyRootFind,
    transferSyntaxUID,
    // In two pieces, as it may come.
    dataset: [dataset.subarray(0, 9), dataset.subarray(9)],
    ...(signal === undefined ? {} : { signal }),
  });
  const responses = await responsesOf((each) => answerFind(parts, each), request);
  return {
    statuses: responses.map(({ command }) => command.Status),
    answers: responses.flatMap((response) =>
      response.dataset === undefined ? [] : [parseDataset(response.dataset, { transferSyntaxUID })],
    ),
  };
}

const universal = (...tags: readonly number[]): NewAttribute[] => tags.map((tag) => ({ tag, value: [] }));
const dates = async (asked: Asked): Promise<unknown[]> =>
  (await find({ ...asked, keys: [...universal(StudyDate), ...asked.keys] })).answers.map((each) =>
    each.text(StudyDate),
  );

/** Rules of PS3.4 §C.2.2.2, and of shared/reference/orthanc-behaviour.md §6.3 for what that leaves open. */
describe("matching", () => {
  test.each([
    { how: "universal", keys: universal(PatientName), found: ["20260101", "20260215", "20260331"] },
    { how: "of a single value", keys: [{ tag: PatientID, value: "B" }], found: ["20260331"] },
    { how: "of a single value, case-sensitive", keys: [{ tag: PatientID, value: "b" }], found: [] },
    { how: "of names, whatever the case", keys: [{ tag: PatientName, value: "SMITH^JOHN" }], found: ["20260331"] },
    { how: "with wildcards", keys: [{ tag: PatientName, value: "sm?th*" }], found: ["20260331"] },
    { how: "of a range", keys: [{ tag: StudyDate, value: "20260201-" }], found: ["20260215", "20260331"] },
    { how: "of a list", keys: [{ tag: PatientID, value: ["B", "C"] }], found: ["20260331"] },
    { how: "of modalities", keys: [{ tag: ModalitiesInStudy, value: "MR" }], found: ["20260215"] },
    { how: "in files", keys: [{ tag: Rows, value: 32 }], found: ["20260215"] },
    {
      how: "of private attributes, bytes as text",
      keys: [{ tag: privateNumber, vr: "UN", value: Buffer.from("42") } as const],
      found: ["20260331"],
    },
    {
      how: "not by its own description",
      keys: [
        { tag: RetrieveAETitle, value: "X" },
        { tag: TimezoneOffsetFromUTC, value: "+0100" },
        { tag: 0x00080000, vr: "UL", value: 5 } as const,
        { tag: privateCreator, vr: "LO", value: "OTHER" } as const,
      ],
      found: ["20260101", "20260215", "20260331"],
    },
  ])("$how", async ({ keys, found }) => {
    expect(await dates({ keys })).toEqual(found);
  });

  test("of names can heed the case", async () => {
    const keys = [{ tag: PatientName, value: "SMITH^JOHN" }];
    expect(await dates({ keys, parts: { caseSensitivePN: true } })).toEqual([]);
  });

  test("heeds the character set of the identifier, and the default one without", async () => {
    const keys = [{ tag: PatientName, value: "MÜLLER*" }];
    expect(await dates({ keys, charset: "ISO_IR 192" })).toEqual(["20260101", "20260215"]);
    const bytes = [{ tag: PatientName, value: Buffer.from("MÜLLER*", "latin1") }];
    expect(await dates({ keys: bytes })).toEqual(["20260101", "20260215"]);
  });

  test("does not look into sequences, and says so", async () => {
    const item = buildDataset([{ tag: ScheduledProcedureStepID, value: "OTHER" }]);
    const keys = [{ tag: RequestAttributesSequence, value: [item] }];
    warnings.length = 0;
    expect((await find({ level: "SERIES", keys })).answers).toHaveLength(3);
    expect(warnings).toEqual(["C-FIND: what is asked for within RequestAttributesSequence is not matched"]);
  });
});

describe("answers", () => {
  test("have what was asked for, with zero length where there is nothing", async () => {
    const keys = [
      { tag: PatientID, value: "B" },
      ...universal(PatientName, StudyDate, RequestingPhysician, ModalitiesInStudy, InstanceAvailability),
      ...universal(NumberOfStudyRelatedSeries, NumberOfStudyRelatedInstances, SOPInstanceUID),
    ];
    const { answers } = await find({ keys, options: { storageAccess: "Never" } });
    expect(answers.map((answer) => Object.fromEntries([...answer].map(({ tag }) => [tag, answer.text(tag)])))).toEqual([
      {
        [SpecificCharacterSetTag]: "ISO_IR 100",
        [SOPInstanceUID]: "",
        [StudyDate]: "20260331",
        [QueryRetrieveLevel]: "STUDY",
        [RetrieveAETitle]: "GREYHAVEN",
        [InstanceAvailability]: "",
        [ModalitiesInStudy]: "CT",
        [RequestingPhysician]: "",
        [PatientName]: "Smith^John",
        [PatientID]: "B",
        [NumberOfStudyRelatedSeries]: "1",
        [NumberOfStudyRelatedInstances]: "2",
      },
    ]);
  });

  test.each([
    { encoding: "implicit VR little endian", transferSyntaxUID: "1.2.840.10008.1.2" },
    { encoding: "explicit VR big endian", transferSyntaxUID: "1.2.840.10008.1.2.2" },
  ])("may be encoded in $encoding", async ({ transferSyntaxUID }) => {
    const keys = [{ tag: PatientID, value: "B" }, ...universal(PatientName, Rows, RequestAttributesSequence)];
    const { answers } = await find({ level: "SERIES", keys, transferSyntaxUID });
    expect(answers).toHaveLength(1);
    expect(answers[0]?.text(PatientName)).toBe("Smith^John");
    expect(answers[0]?.number(Rows)).toBe(16);
    expect(answers[0]?.items(RequestAttributesSequence)[0]?.text(ScheduledProcedureStepID)).toBe("STEP 1");
  });

  test.each([
    { charset: "ISO_IR 100", bytes: Buffer.from("Größe ", "latin1") },
    { charset: "ISO_IR 192", bytes: Buffer.from("Größe ", "utf8") },
    { charset: "ISO_IR 6", bytes: Buffer.from("Gr??e ") },
  ])("are in the default encoding: $charset", async ({ charset, bytes }) => {
    const keys = [{ tag: PatientID, value: "B" }, ...universal(StudyDescription)];
    const { answers } = await find({ keys, parts: { charset: () => SpecificCharacterSet.parse(charset) } });
    expect(answers[0]?.text(SpecificCharacterSetTag)).toBe(charset);
    expect(answers[0]?.get(StudyDescription)?.value?.toString("hex").replace(/20$/, "")).toBe(
      bytes.toString("hex").replace(/20$/, ""),
    );
  });

  test("have private attributes, as the file has them", async () => {
    const keys = [
      { tag: PatientID, value: "B" },
      { tag: privateCreator, vr: "LO", value: "GREYHAVEN TEST" } as const,
      { tag: privateNumber, vr: "UN", value: Buffer.alloc(0) } as const,
      { tag: privateBytes, vr: "UN", value: Buffer.alloc(0) } as const,
    ];
    const { answers } = await find({ level: "IMAGE", keys });
    expect(answers).toHaveLength(2);
    expect(answers[0]?.text(privateCreator)).toBe("GREYHAVEN TEST");
    expect(answers[0]?.number(privateNumber)).toBe(42);
    expect(answers[0]?.get(privateBytes)?.length).toBe(0);
  });

  test("of instances", async () => {
    const keys = [{ tag: PatientID, value: "A" }, ...universal(InstanceNumber, InstanceAvailability)];
    const { answers } = await find({ level: "IMAGE", keys });
    expect(answers.map((answer) => [answer.text(InstanceNumber), answer.text(InstanceAvailability)])).toEqual([
      ["1", "ONLINE"],
      ["2", "ONLINE"],
      ["3", "ONLINE"],
      ["1", "ONLINE"],
    ]);
    expect(answers[0]?.text(QueryRetrieveLevel)).toBe("IMAGE");
  });

  test("do not read files that they do not need", async () => {
    let read = 0;
    const archive = {
      header: (instance: string) => {
        read += 1;
        return open.archive.header(instance);
      },
    };
    const keys = universal(SpecificCharacterSetTag, RetrieveAETitle, InstanceAvailability, PatientName, StudyDate);
    const options = {
      mainDicomTags: mainDicomTags(),
      storageAccess: "Always",
      limitFindResults: 0,
      limitFindInstances: 0,
    } as const;
    await find({ keys, parts: { find: { ...open, archive, options } } });
    expect(read).toBe(0);
  });
});

describe("status", () => {
  const pending = 0xff00;

  test("is pending with each answer, then success", async () => {
    expect((await find({ keys: universal(StudyDate) })).statuses).toEqual([pending, pending, pending, 0]);
    expect((await find({ keys: [{ tag: PatientID, value: "X" }] })).statuses).toEqual([0]);
  });

  test.each([
    { limit: 2, statuses: [pending, pending, 0xfe00] },
    { limit: 3, statuses: [pending, pending, pending, 0] },
  ])("tells that $limit was too low a limit", async ({ limit, statuses }) => {
    expect((await find({ keys: universal(StudyDate), options: { limitFindResults: limit } })).statuses).toEqual(
      statuses,
    );
  });

  test("is cancel after a C-CANCEL", async () => {
    const { statuses } = await find({ keys: universal(StudyDate), signal: AbortSignal.abort() });
    expect(statuses).toEqual([0xfe00]);
  });

  test.each([
    { what: "there is no level", level: "", keys: universal(StudyDate) },
    { what: "the level does not exist", level: "FOO", keys: universal(StudyDate) },
    { what: "wildcards stand where none may be", level: "STUDY", keys: [{ tag: 0x0020000d, value: "1.2.*" }] },
  ])("is told by an error when $what", async ({ level, keys }) => {
    await expect(find({ level, keys })).rejects.toMatchObject({ name: "ServerError" });
  });
});

describe("the log", () => {
  test("tells what was asked for, without the values that must not stand there", async () => {
    const told: string[] = [];
    const parts = {
      log: { ...noLog, info: (message: string) => void told.push(message) },
      isHiddenInLogs: (tag: number) => tag === PatientID,
    };
    await find({
      keys: [
        { tag: StudyDate, value: "20260101-" },
        { tag: PatientID, value: "SECRET" },
      ],
      parts,
    });
    await find({ keys: universal(StudyDate), parts });
    expect(told).toEqual([
      'C-FIND of "REMOTE": level Study, StudyDate "20260101-", PatientID (hidden)',
      'C-FIND of "REMOTE": level Study, no conditions',
    ]);
  });
});
