import { nothingSent, sendingContent, type SendingState } from "./sending-state.ts";
import type { CommitmentInstance } from "./storage-commitment-reports.ts";
import type { MoveOriginator, StoreTarget } from "./store-scu.ts";

/** Storage commitment that is asked for when everything was sent. */
export interface PlannedCommitment {
  readonly transactionUid: string;
  /** What was sent so far. */
  readonly sent: readonly CommitmentInstance[];
}

/** The state of a `DicomModalityStore` job. */
export interface StoreScuState extends SendingState {
  readonly target: StoreTarget;
  /** `REST API`, `C-MOVE`. */
  readonly description: string;
  readonly moveOriginator: MoveOriginator | null;
  readonly commitment: PlannedCommitment | null;
}

/** The state of a new job. */
export function storeScuState(state: Omit<StoreScuState, keyof typeof nothingSent>): StoreScuState {
  return { ...state, ...nothingSent };
}

/** Orthanc's `Content`. */
export function storeContent(state: StoreScuState): Record<string, unknown> {
  const { target, moveOriginator, commitment } = state;
  return {
    Description: state.description,
    ...sendingContent(state),
    LocalAet: target.callingAet,
    RemoteAet: target.calledAet,
    ...(moveOriginator === null
      ? {}
      : { MoveOriginatorAET: moveOriginator.aet, MoveOriginatorID: moveOriginator.messageId }),
    ...(commitment === null ? {} : { StorageCommitmentTransactionUID: commitment.transactionUid }),
  };
}
