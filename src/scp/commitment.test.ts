import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestArchive, type TestArchive } from "../../test/archive/test-archive.ts";
import { makeStudy } from "../../test/phantoms/study.ts";
import { fakeAssociation, fakeRequest, presentationContext, responsesOf } from "../../test/scp/fake-request.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { IncomingResponse, OutgoingRequest, PresentationContext } from "../dimse/association.ts";
import type { AssociationNeeds, DicomAssociations } from "../remotes/dicom-associations.ts";
import type { Modality } from "../remotes/modality.ts";
import { noLog } from "../util/log.ts";
import { type Commitment, commitmentDataset, readCommitment } from "../remotes/storage-commitment-dataset.ts";
import { commitmentJob, type CommitmentState } from "./commitment-job.ts";
import { answerAction } from "./commitment.ts";

const storageCommitment = "1.2.840.10008.1.20.1";
const transferSyntaxUID = "1.2.840.10008.1.2.1";
const CTImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const MRImageStorage = "1.2.840.10008.5.1.4.1.1.4";

const images = [...makeStudy({ seed: 1, instances: 2, rows: 16 })];
const missing = { SOPClassUID: CTImageStorage, SOPInstanceUID: "1.2.3" };
const [first = missing, second = missing] = images.map(({ uids: { SOPClassUID, SOPInstanceUID } }) => ({
  SOPClassUID,
  SOPInstanceUID,
}));

let open: TestArchive;
beforeAll(async () => {
  open = await openTestArchive();
  for (const { file } of images) await open.archive.ingest(file, { kind: "RestApi" });
});
afterAll(() => open[Symbol.asyncDispose]());

test("the dataset is read back as it was written", () => {
  const commitment: Commitment = {
    transactionUid: "2.25.1",
    references: [first, second],
    failures: [{ ...missing, FailureReason: 0x0112 }],
  };
  const bytes = writeDataset(commitmentDataset(commitment), { transferSyntaxUID });
  expect(readCommitment(parseDataset(bytes, { transferSyntaxUID }))).toEqual(commitment);
});

async function act(ActionTypeID: number, transactionUid = "2.25.7") {
  const submitted: CommitmentState[] = [];
  const commitment: Commitment = { transactionUid, references: [first, second], failures: [] };
  const request = fakeRequest({
    abstractSyntax: storageCommitment,
    command: { ActionTypeID },
    dataset: [writeDataset(commitmentDataset(commitment), { transferSyntaxUID })],
  });
  const parts = {
    submitCommitment: (state: CommitmentState) => void submitted.push(state),
    charset: () => SpecificCharacterSet.default,
    log: noLog,
  };
  const responses = await responsesOf((each) => answerAction(parts, each), request);
  return { statuses: responses.map(({ command }) => command.Status), submitted };
}

describe("N-ACTION", () => {
  test("starts a job and succeeds", async () => {
    expect(await act(1)).toEqual({
      statuses: [0x0000],
      submitted: [
        {
          transactionUid: "2.25.7",
          references: [first, second],
          remoteAet: "REMOTE",
          remoteIp: "192.0.2.1",
          calledAet: "GREYHAVEN",
        },
      ],
    });
  });

  test("of another type is refused: 0x0123", async () => {
    expect(await act(2)).toEqual({ statuses: [0x0123], submitted: [] });
  });

  test("without Transaction UID is an error", async () => {
    await expect(act(1, "")).rejects.toMatchObject({ errorName: "BadRequest" });
  });
});

const modality: Modality = {
  AET: "REMOTE",
  Host: "192.0.2.1",
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

interface Reported {
  readonly known?: boolean;
  readonly contexts?: readonly PresentationContext[];
  readonly status?: number;
}

describe("the job", () => {
  const state: CommitmentState = {
    transactionUid: "2.25.7",
    remoteAet: "REMOTE",
    remoteIp: "192.0.2.1",
    calledAet: "CALLED",
    references: [],
  };

  /** Runs the job for these references, and gives the command and the dataset that it reports. */
  async function report(
    references: CommitmentState["references"],
    { known = true, contexts, status = 0 }: Reported = {},
  ) {
    const needs: AssociationNeeds[] = [];
    const sent: OutgoingRequest[] = [];
    async function* request(outgoing: OutgoingRequest): AsyncGenerator<IncomingResponse> {
      sent.push(outgoing);
      yield { command: { CommandField: 0x8100, CommandDataSetType: 0x0101, Status: status }, dataset: undefined };
    }
    const accepted = contexts ?? [presentationContext(storageCommitment)];
    const associations: DicomAssociations = {
      lend: async (asked) => {
        needs.push(asked);
        const association = fakeAssociation({ contexts: accepted, request });
        return { association, isReused: false, giveBack: () => Promise.resolve() };
      },
      close: () => Promise.resolve(),
    };
    const job = commitmentJob({
      catalog: open.catalog,
      modalities: { byAet: () => (known ? [{ name: "remote", modality }] : []) },
      associations,
      defaults: { aet: "GREYHAVEN", timeout: 10 },
    });
    await Array.fromAsync(job.run({ ...state, references }, new AbortController().signal));
    const [outgoing] = sent;
    const bytes = outgoing?.dataset instanceof Uint8Array ? Buffer.from(outgoing.dataset) : Buffer.alloc(0);
    return {
      needs,
      command: outgoing?.command,
      commitment: readCommitment(parseDataset(bytes, { transferSyntaxUID })),
    };
  }

  test("tells that all is safe, under the title that was called", async () => {
    const { needs, command, commitment } = await report([first, second]);
    expect(commitment).toEqual({ transactionUid: "2.25.7", references: [first, second], failures: [] });
    expect(command).toEqual({
      CommandField: 0x0100,
      AffectedSOPClassUID: storageCommitment,
      AffectedSOPInstanceUID: "1.2.840.10008.1.20.1.1",
      EventTypeID: 1,
    });
    expect(needs).toMatchObject([
      {
        remote: { host: "192.0.2.1", port: 104, calledAet: "REMOTE", callingAet: "CALLED" },
        contexts: [{ abstractSyntax: storageCommitment, roles: { scu: false, scp: true } }],
      },
    ]);
  });

  /** Failure Reason of PS3.3 §C.14.1.1 */
  test("tells what is missing and what is of another class", async () => {
    const wrongClass = { ...second, SOPClassUID: MRImageStorage };
    const { command, commitment } = await report([first, wrongClass, missing]);
    expect(command).toMatchObject({ EventTypeID: 2 });
    expect(commitment.references).toEqual([first]);
    expect(commitment.failures).toEqual([
      { ...wrongClass, FailureReason: 0x0119 },
      { ...missing, FailureReason: 0x0112 },
    ]);
  });

  test.each([
    { what: "the modality is not known", reported: { known: false }, error: "UnknownModality" },
    { what: "it takes no reports", reported: { contexts: [] }, error: "NoPresentationContext" },
    { what: "it refuses the report", reported: { status: 0x0110 }, error: "NetworkProtocol" },
  ])("fails when $what", async ({ reported, error }) => {
    await expect(report([first], reported)).rejects.toMatchObject({ errorName: error });
  });

  test("shows Orthanc's fields", () => {
    const job = commitmentJob({
      catalog: open.catalog,
      modalities: { byAet: () => [] },
      associations: { lend: () => Promise.reject(new Error("unused")), close: () => Promise.resolve() },
      defaults: { aet: "GREYHAVEN", timeout: 10 },
    });
    expect(job.type).toBe("StorageCommitmentScp");
    expect(job.describe(state)).toEqual({
      CalledAet: "CALLED",
      RemoteAet: "REMOTE",
      RemoteIp: "192.0.2.1",
      TransactionUid: "2.25.7",
    });
  });
});
