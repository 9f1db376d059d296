import type { StorageCommitmentReport } from "../remotes/storage-commitment-reports.ts";

/** Failure reasons in the words of PS3.3 §C.14.1.1. */
const failureReasons: Readonly<Record<number, string>> = {
  0x0110: "A general failure in processing the operation was encountered",
  0x0112: "One or more of the elements in the Referenced SOP Instance Sequence was not available",
  0x0119:
    "The SOP Class of an element in the Referenced SOP Instance Sequence did not correspond to the SOP class registered for this SOP Instance at the SCP",
  0x0122: "Storage Commitment has been requested for a SOP Instance with a SOP Class that is not supported by the SCP",
  0x0131: "The Transaction UID of the Storage Commitment Request is already in use",
  0x0213: "The SCP does not currently have enough resources to store the requested SOP Instance(s)",
};

/** The report of a storage commitment as Orthanc prints it. */
export function commitmentReportJson({ remoteAet, result }: StorageCommitmentReport): Record<string, unknown> {
  if (result === undefined) return { Status: "Pending", RemoteAET: remoteAet };
  return {
    Status: result.failures.length === 0 ? "Success" : "Failure",
    RemoteAET: remoteAet,
    Success: result.success,
    Failures: result.failures.map((failure) => ({
      ...failure,
      Description: failureReasons[failure.FailureReason] ?? "Unknown failure reason",
    })),
  };
}
