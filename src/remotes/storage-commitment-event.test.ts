import { describe, expect, it } from "vitest";
import { fakeRequest } from "../../test/scp/fake-request.ts";
import { writeDataset } from "../dicom/write.ts";
import { commitmentDataset } from "./storage-commitment-dataset.ts";
import { commitmentEventHandler } from "./storage-commitment-event.ts";
import { createStorageCommitmentReports } from "./storage-commitment-reports.ts";

const instance = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "1.2.3" };
const failure = { ...instance, SOPInstanceUID: "1.2.4", FailureReason: 0x0112 };
const transferSyntaxUID = "1.2.840.10008.1.2.1";

const bytes = (transactionUid: string) =>
  writeDataset(commitmentDataset({ transactionUid, references: [instance], failures: [failure] }), {
    transferSyntaxUID,
  });

describe("the handler of N-EVENT-REPORT", () => {
  it.each([
    { what: "the result of a request", transactionUid: "2.25.1", callingAet: "PEER", status: 0 },
    { what: "an unknown transaction", transactionUid: "2.25.2", callingAet: "PEER", status: 0x0110 },
    { what: "somebody else", transactionUid: "2.25.1", callingAet: "OTHER", status: 0x0110 },
  ])("answers $status to $what", async ({ transactionUid, callingAet, status }) => {
    const reports = createStorageCommitmentReports(10);
    reports.begin("2.25.1", "PEER");
    const request = fakeRequest({
      command: { CommandField: 0x0100, EventTypeID: 2 },
      dataset: [bytes(transactionUid)],
      association: { side: "acceptor", callingAet },
    });
    const responses = await Array.fromAsync(commitmentEventHandler(reports)(request));
    expect(responses).toMatchObject([{ command: { Status: status, EventTypeID: 2 } }]);
    const result = { success: [instance], failures: [failure] };
    expect(reports.get("2.25.1")?.result).toEqual(status === 0 ? result : undefined);
  });

  it("knows no other requests", async () => {
    const request = fakeRequest({ command: { CommandField: 0x0001 } });
    const responses = await Array.fromAsync(commitmentEventHandler(createStorageCommitmentReports(1))(request));
    expect(responses).toMatchObject([{ command: { Status: 0x0211 } }]);
  });
});
