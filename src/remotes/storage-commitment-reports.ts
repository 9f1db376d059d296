import { createRecentlyUsed } from "./recently-used.ts";

/** An instance whose storage is to be committed to (PS3.4 §J.3.2). */
export interface CommitmentInstance {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

export interface FailedCommitment extends CommitmentInstance {
  /** PS3.3 §C.14.1.1 */
  readonly FailureReason: number;
}

/** What a remote says of a transaction. */
export interface CommitmentResult {
  readonly success: readonly CommitmentInstance[];
  readonly failures: readonly FailedCommitment[];
}

/** What is known of a request for storage commitment that this server has sent. */
export interface StorageCommitmentReport {
  readonly remoteAet: string;
  /** Undefined while the remote has not answered. */
  readonly result: CommitmentResult | undefined;
}

/** The latest reports, by Transaction UID. */
export interface StorageCommitmentReports {
  /** A request is sent: its report is pending. */
  begin(transactionUid: string, remoteAet: string): void;
  /** The remote has answered (N-EVENT-REPORT). False when it was not asked. */
  complete(transactionUid: string, remoteAet: string, result: CommitmentResult): boolean;
  get(transactionUid: string): StorageCommitmentReport | undefined;
  /** False when unknown. */
  delete(transactionUid: string): boolean;
}

/** `size`: `StorageCommitmentReportsSize`, how many are kept. */
export function createStorageCommitmentReports(size: number): StorageCommitmentReports {
  const reports = createRecentlyUsed<StorageCommitmentReport>(size);
  return {
    begin: (transactionUid, remoteAet) => reports.set(transactionUid, { remoteAet, result: undefined }),
    complete(transactionUid, remoteAet, result) {
      if (reports.get(transactionUid)?.remoteAet !== remoteAet) return false;
      reports.set(transactionUid, { remoteAet, result });
      return true;
    },
    get: (transactionUid) => reports.get(transactionUid),
    delete: (transactionUid) => reports.delete(transactionUid),
  };
}
