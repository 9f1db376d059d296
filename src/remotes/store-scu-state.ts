import type { Level } from "../catalog/catalog.ts";
import type { CommitmentInstance } from "./storage-commitment-reports.ts";
import type { MoveOriginator, StoreTarget } from "./store-scu.ts";

/** Storage commitment that is asked for when everything was sent. */
export interface PlannedCommitment {
  readonly transactionUid: string;
  /** What was sent so far. */
  readonly sent: readonly CommitmentInstance[];
}

/** The state of a `DicomModalityStore` job. */
export interface StoreScuState {
  readonly target: StoreTarget;
  /** `REST API`, `C-MOVE`. */
  readonly description: string;
  /** As asked for. */
  readonly resources: readonly { readonly ID: string; readonly Type: Level }[];
  /** Orthanc's identifiers, in the order of sending. */
  readonly instances: readonly string[];
  readonly moveOriginator: MoveOriginator | null;
  readonly permissive: boolean;
  readonly commitment: PlannedCommitment | null;
  /** Those before it have been dealt with. */
  readonly position: number;
  /** Instances that were sent before the job was resubmitted. */
  readonly sentBefore: number;
  /** Of those before the position, the ones that were not stored. */
  readonly failed: readonly string[];
}

/** The state of a new job. */
export function storeScuState(state: Omit<StoreScuState, "position" | "sentBefore" | "failed">): StoreScuState {
  return { ...state, position: 0, sentBefore: 0, failed: [] };
}

/** The state of a job that is resubmitted: what failed and what was not sent yet. */
export function restartedStore(state: StoreScuState): StoreScuState {
  const instances = [...state.failed, ...state.instances.slice(state.position)];
  const sentBefore = state.sentBefore + state.instances.length - instances.length;
  return { ...state, instances, sentBefore, position: 0, failed: [] };
}

/** Orthanc's `Content`. */
export function storeContent(state: StoreScuState): Record<string, unknown> {
  const { target, resources, moveOriginator, commitment } = state;
  const parents = [...new Set(resources.map(({ ID }) => ID))].toSorted();
  return {
    Description: state.description,
    InstancesCount: state.sentBefore + state.instances.length,
    FailedInstancesCount: state.failed.length,
    ...(parents.length === 0 ? {} : { ParentResources: parents }),
    Resources: resources,
    LocalAet: target.callingAet,
    RemoteAet: target.calledAet,
    ...(moveOriginator === null
      ? {}
      : { MoveOriginatorAET: moveOriginator.aet, MoveOriginatorID: moveOriginator.messageId }),
    ...(commitment === null ? {} : { StorageCommitmentTransactionUID: commitment.transactionUid }),
  };
}
