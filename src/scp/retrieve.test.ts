import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { makeStudy, type Phantom } from "../../test/phantoms/study.ts";
import { fakeRequest, presentationContext, responsesOf } from "../../test/scp/fake-request.ts";
import type { TranscodedFile, WantedEncoding } from "../archive/transcode.ts";
import { buildDataset, type NewAttribute } from "../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { datasetBytes } from "../dicom/dataset-bytes.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { IncomingResponse, OutgoingRequest, OutgoingResponse, PresentationContext } from "../dimse/association.ts";
import type { CommandSet } from "../dimse/command-set.ts";
import type { Modality } from "../remotes/modality.ts";
import type { MoveOriginator, StoreScu } from "../remotes/store-scu.ts";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { answerGet, type GetHandlerParts } from "./get.ts";
import { answerMove, type Move, type MoveHandlerParts } from "./move.ts";

const AccessionNumber = 0x00080050;
const QueryRetrieveLevel = 0x00080052;
const FailedSOPInstanceUIDList = 0x00080058;
const PatientID = 0x00100020;
const StudyInstanceUID = 0x0020000d;
const SeriesInstanceUID = 0x0020000e;
const SOPInstanceUID = 0x00080018;

const explicitLittleEndian = "1.2.840.10008.1.2.1";
const jpegBaseline = "1.2.840.10008.1.2.4.50";
const CTImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const charset = () => SpecificCharacterSet.default;

/** Two patients; the first one's second study is the third. */
const studies: readonly (readonly Phantom[])[] = [
  [...makeStudy({ seed: 1, patientId: "A", accessionNumber: "ACC1", instances: 4, perSeries: 2, rows: 16 })],
  [...makeStudy({ seed: 2, patientId: "B", accessionNumber: "ACC2", instances: 1, rows: 16 })],
  [...makeStudy({ seed: 3, patientId: "A", accessionNumber: "ACC3", instances: 1, rows: 16 })],
];
const uidsOf = (...at: number[]): string[] =>
  at.flatMap((study) => (studies[study] ?? []).map(({ uids }) => uids.SOPInstanceUID));
const first = studies[0]?.[0]?.uids ?? { StudyInstanceUID: "", SeriesInstanceUID: "", SOPInstanceUID: "" };
const other = studies[1]?.[0]?.uids ?? first;

let open: TestArchive;
beforeAll(async () => {
  open = await openTestArchive();
  for (const { file } of studies.flat()) await open.archive.ingest(file, { kind: "RestApi" });
});
afterAll(() => open[Symbol.asyncDispose]());

function identifierOf(level: string, keys: readonly NewAttribute[]): Buffer {
  const levelKey = level === "" ? [] : [{ tag: QueryRetrieveLevel, value: level }];
  return writeDataset(buildDataset([...levelKey, ...keys]), { transferSyntaxUID: explicitLittleEndian });
}

/** Remaining, completed, failed and with warning, as PS3.7 §9.1.3.1 counts. */
function counters({ command }: OutgoingResponse): string {
  const { NumberOfRemainingSuboperations: remaining = "-" } = command;
  const { NumberOfCompletedSuboperations: completed, NumberOfFailedSuboperations: failed } = command;
  const status = command.Status.toString(16).padStart(4, "0");
  return `${status} ${remaining} ${completed} ${failed} ${command.NumberOfWarningSuboperations}`;
}

interface Got {
  readonly level?: string;
  readonly keys?: readonly NewAttribute[];
  readonly contexts?: readonly PresentationContext[];
  /** Of the C-STORE responses, one after the other; then success. */
  readonly statuses?: readonly number[];
  readonly parts?: Partial<GetHandlerParts>;
  readonly signal?: AbortSignal;
  readonly onStore?: () => void;
}

const asScp = (transferSyntaxUID: string, id = 3) =>
  presentationContext(CTImageStorage, transferSyntaxUID, { id, requestorIsSCP: true });

async function get(got: Got) {
  const sent: { readonly command: OutgoingRequest["command"]; readonly contextId: number; readonly dataset: Buffer }[] =
    [];
  const statuses = [...(got.statuses ?? [])];
  async function* request({ command, contextId, dataset }: OutgoingRequest): AsyncGenerator<IncomingResponse> {
    const chunks = dataset instanceof Uint8Array ? [dataset] : await Array.fromAsync(dataset ?? []);
    sent.push({ command, contextId, dataset: Buffer.concat(chunks) });
    got.onStore?.();
    yield {
      command: { CommandField: 0x8001, CommandDataSetType: 0x0101, Status: statuses.shift() ?? 0 },
      dataset: undefined,
    };
  }
  const { storage, catalog } = open;
  const transcoding = { transcodedFile: () => Promise.reject(new Error("nothing is transcoded here")) };
  const parts: GetHandlerParts = {
    catalog,
    storage,
    transcoding: { ...transcoding, transcodeBytes: transcoding.transcodedFile },
    transcodes: true,
    charset,
    log: noLog,
    ...got.parts,
  };
  const contexts = got.contexts ?? [asScp(explicitLittleEndian)];
  const keys = got.keys ?? [{ tag: StudyInstanceUID, value: first.StudyInstanceUID }];
  const incoming = fakeRequest({
    dataset: [identifierOf(got.level ?? "STUDY", keys)],
    association: { contexts, request },
    ...(got.signal === undefined ? {} : { signal: got.signal }),
  });
  const responses = await responsesOf((each) => answerGet(parts, each), incoming);
  return { responses, sent, uids: sent.map(({ command }) => command.AffectedSOPInstanceUID) };
}

describe("what is retrieved (PS3.4 §C.4.2.1.4)", () => {
  test.each([
    { level: "PATIENT", keys: [{ tag: PatientID, value: "A" }], uids: uidsOf(0, 2) },
    { level: "STUDY", keys: [{ tag: StudyInstanceUID, value: first.StudyInstanceUID }], uids: uidsOf(0) },
    { level: "STUDY", keys: [{ tag: AccessionNumber, value: "ACC2" }], uids: uidsOf(1) },
    {
      level: "STUDY",
      keys: [
        { tag: AccessionNumber, value: "" },
        { tag: StudyInstanceUID, value: first.StudyInstanceUID },
      ],
      uids: uidsOf(0),
    },
    {
      level: "STUDY",
      keys: [{ tag: StudyInstanceUID, value: [first.StudyInstanceUID, other.StudyInstanceUID] }],
      uids: uidsOf(0, 1),
    },
    {
      level: "SERIES",
      keys: [{ tag: SeriesInstanceUID, value: first.SeriesInstanceUID }],
      uids: uidsOf(0).slice(0, 2),
    },
    { level: "IMAGE", keys: [{ tag: SOPInstanceUID, value: first.SOPInstanceUID }], uids: uidsOf(0).slice(0, 1) },
    {
      level: "",
      keys: [
        { tag: StudyInstanceUID, value: first.StudyInstanceUID },
        { tag: SOPInstanceUID, value: first.SOPInstanceUID },
      ],
      uids: uidsOf(0).slice(0, 1),
    },
    { level: "", keys: [{ tag: PatientID, value: "B" }], uids: uidsOf(1) },
  ])("$level $keys", async ({ level, keys, uids }) => {
    expect(new Set((await get({ level, keys })).uids)).toEqual(new Set(uids));
  });

  test("comes series by series, in the order of the images", async () => {
    const { uids } = await get({});
    const series = uids.map((uid) => uidsOf(0).indexOf(uid ?? ""));
    expect([
      [0, 1, 2, 3],
      [2, 3, 0, 1],
    ]).toContainEqual(series);
  });

  test.each([
    { what: "nothing is named", level: "STUDY", keys: [{ tag: PatientID, value: "A" }], error: "BadRequest" },
    {
      what: "there is none",
      level: "STUDY",
      keys: [{ tag: StudyInstanceUID, value: "1.2.3" }],
      error: "UnknownResource",
    },
    { what: "the level does not exist", level: "FOO", keys: [], error: "BadRequest" },
  ])("it is an error when $what", async ({ level, keys, error }) => {
    await expect(get({ level, keys })).rejects.toMatchObject({ errorName: error });
  });
});

describe("C-GET", () => {
  test("sends the stored dataset over the same association and counts", async () => {
    const { responses, sent } = await get({
      level: "SERIES",
      keys: [{ tag: SeriesInstanceUID, value: first.SeriesInstanceUID }],
    });
    expect(responses.map(counters)).toEqual(["ff00 1 1 0 0", "ff00 0 2 0 0", "0000 - 2 0 0"]);
    const [image] = studies[0] ?? [];
    const dataset = Buffer.concat(await Array.fromAsync(datasetBytes(once(image?.file ?? Buffer.alloc(0)))));
    expect(sent[0]?.dataset.equals(dataset)).toBe(true);
    expect(sent[0]).toMatchObject({
      contextId: 3,
      command: { CommandField: 0x0001, AffectedSOPClassUID: CTImageStorage, Priority: 0 },
    });
  });

  test("names what failed in the final response: 0xB000", async () => {
    const { responses } = await get({ statuses: [0x0000, 0xa700, 0xb000] });
    expect(responses.map(counters).slice(-2)).toEqual(["ff00 0 2 1 1", "b000 - 2 1 1"]);
    const list = parseDataset(responses.at(-1)?.dataset ?? Buffer.alloc(0), {
      transferSyntaxUID: explicitLittleEndian,
    });
    expect(list.strings(FailedSOPInstanceUIDList)).toHaveLength(1);
    expect(uidsOf(0)).toContain(list.text(FailedSOPInstanceUIDList));
  });

  test("tells that all failed: 0xA702", async () => {
    const { responses } = await get({ statuses: [0xa700, 0xc000, 0x0122, 0xa900] });
    expect(responses.map(counters).at(-1)).toBe("a702 - 0 4 0");
  });

  test.each([
    { what: "is SCU only", contexts: [presentationContext(CTImageStorage)] },
    {
      what: "takes other SOP classes",
      contexts: [presentationContext("1.2.3", explicitLittleEndian, { requestorIsSCP: true })],
    },
  ])("has nowhere to send to when the requestor $what", async ({ contexts }) => {
    const { responses, sent } = await get({ contexts });
    expect(sent).toEqual([]);
    expect(responses.map(counters).at(-1)).toBe("a702 - 0 4 0");
  });

  test("transcodes to what the requestor takes, uncompressed first", async () => {
    const wanted: WantedEncoding[] = [];
    const transcodedFile = async (_: string, encoding: WantedEncoding): Promise<TranscodedFile> => {
      wanted.push(encoding);
      const dataset = buildDataset([{ tag: SOPInstanceUID, value: "1.2.3" }]);
      const bytes = writeDataset(dataset, { transferSyntaxUID: jpegBaseline });
      return { transferSyntaxUID: jpegBaseline, SOPInstanceUID: "1.2.3", stream: once(bytes) };
    };
    const parts = { transcoding: { transcodedFile, transcodeBytes: () => Promise.reject(new Error("unused")) } };
    const contexts = [asScp(jpegBaseline, 5), asScp("1.2.840.10008.1.2.2", 7)];
    const keys = [{ tag: SOPInstanceUID, value: first.SOPInstanceUID }];
    const { sent, responses } = await get({ level: "IMAGE", keys, parts, contexts });
    expect(wanted).toEqual([{ transferSyntaxes: ["1.2.840.10008.1.2.2", jpegBaseline], allowNewUid: true }]);
    expect(sent).toMatchObject([{ contextId: 5, command: { AffectedSOPInstanceUID: "1.2.3" } }]);
    expect(responses.map(counters).at(-1)).toBe("0000 - 1 0 0");
    const without = await get({ level: "IMAGE", keys, parts: { ...parts, transcodes: false }, contexts });
    expect(without.responses.map(counters).at(-1)).toBe("a702 - 0 1 0");
  });

  test("ends between two instances after a C-CANCEL: 0xFE00", async () => {
    const cancel = new AbortController();
    const { responses } = await get({ signal: cancel.signal, onStore: () => cancel.abort() });
    expect(responses.map(counters)).toEqual(["ff00 3 1 0 0", "fe00 3 1 0 0"]);
  });
});

async function* once(bytes: Buffer): AsyncGenerator<Buffer, void, void> {
  yield await Promise.resolve(bytes);
}

const destination: Modality = {
  AET: "SINK",
  Host: "192.0.2.7",
  Port: 104,
  Manufacturer: "Generic",
  AllowEcho: true,
  AllowFind: true,
  AllowFindWorklist: true,
  AllowGet: true,
  AllowMove: true,
  AllowStore: true,
  AllowNAction: true,
  AllowEventReport: true,
  AllowTranscoding: true,
  UseDicomTls: false,
  LocalAet: "",
  Timeout: 0,
  RetrieveMethod: "SystemDefault",
};

interface Moved {
  readonly to?: string;
  readonly store?: (count: number) => number;
  readonly submit?: (move: Move) => void;
  readonly signal?: AbortSignal;
}

async function move({ to = "SINK", store = () => 0, submit, signal }: Moved) {
  const sent: { readonly publicId: string; readonly originator: MoveOriginator | undefined }[] = [];
  const opened: unknown[] = [];
  let isClosed = false;
  const scu: StoreScu = {
    async storeInstance(publicId, originator) {
      sent.push({ publicId, originator });
      return { status: store(sent.length), SOPClassUID: "", SOPInstanceUID: "" };
    },
    storeFile: () => Promise.reject(new Error("unused")),
    close: async () => {
      isClosed = true;
    },
  };
  const parts: MoveHandlerParts = {
    catalog: open.catalog,
    modalities: { byAet: (aet) => (aet === "SINK" ? [{ name: "sink", modality: destination }] : []) },
    openStore: ({ name }, instances) => {
      opened.push({ name, instances: instances.length });
      return scu;
    },
    submit,
    charset,
    log: noLog,
  };
  const command: Partial<CommandSet> = { MoveDestination: to, MessageID: 42 };
  const dataset = [identifierOf("STUDY", [{ tag: StudyInstanceUID, value: first.StudyInstanceUID }])];
  const incoming = fakeRequest({ command, dataset, ...(signal === undefined ? {} : { signal }) });
  const responses = await responsesOf((each) => answerMove(parts, each), incoming);
  return { counts: responses.map(counters), sent, opened, isClosed };
}

describe("C-MOVE", () => {
  test("sends to the destination on behalf of the caller and counts", async () => {
    const { counts, sent, opened, isClosed } = await move({});
    expect(counts).toEqual(["ff00 3 1 0 0", "ff00 2 2 0 0", "ff00 1 3 0 0", "ff00 0 4 0 0", "0000 - 4 0 0"]);
    expect(opened).toEqual([{ name: "sink", instances: 4 }]);
    expect(sent.map(({ originator }) => originator)).toEqual(
      Array.from({ length: 4 }, () => ({ aet: "REMOTE", messageId: 42 })),
    );
    expect(isClosed).toBe(true);
  });

  test("counts warnings: 0xB000", async () => {
    const { counts } = await move({ store: (count) => (count === 2 ? 0xb007 : 0) });
    expect(counts.at(-1)).toBe("b000 - 3 0 1");
  });

  test("ends with the first failure: 0xC000", async () => {
    const { counts, sent, isClosed } = await move({
      store: (count) => {
        if (count === 2) throw new ServerError("NetworkProtocol", "refused");
        return 0;
      },
    });
    expect(counts).toEqual(["ff00 3 1 0 0", "c000 - 1 3 0"]);
    expect(sent).toHaveLength(2);
    expect(isClosed).toBe(true);
  });

  test("to a destination that is not known is an error", async () => {
    await expect(move({ to: "NOWHERE" })).rejects.toMatchObject({ errorName: "UnknownModality" });
  });

  test("ends between two instances after a C-CANCEL: 0xFE00", async () => {
    const cancel = new AbortController();
    const store = (): number => {
      cancel.abort();
      return 0;
    };
    expect((await move({ signal: cancel.signal, store })).counts).toEqual(["ff00 3 1 0 0", "fe00 3 1 0 0"]);
  });

  test("as a job succeeds at once", async () => {
    const submitted: Move[] = [];
    const { counts, sent } = await move({ submit: (each) => submitted.push(each) });
    expect(counts.at(-1)).toBe("0000 - 4 0 0");
    expect(counts).toHaveLength(5);
    expect(sent).toEqual([]);
    expect(submitted).toMatchObject([{ destination: { name: "sink" }, originator: { aet: "REMOTE", messageId: 42 } }]);
    expect(submitted[0]?.instances).toHaveLength(4);
  });
});
