import type { JobType, Progress } from "../jobs/job.ts";
import { requestCommitment, type CommitmentScuParts } from "./storage-commitment-scu.ts";
import type { OpenStoreScu, StoreOutcome, StoreScu } from "./store-scu.ts";
import { restartedSending } from "./sending-state.ts";
import { storeContent, type StoreScuState } from "./store-scu-state.ts";

export interface StoreScuJobParts {
  readonly openStoreScu: OpenStoreScu;
  readonly commitment: CommitmentScuParts;
}

/**
 * The job that sends instances by C-STORE, one after the other: after each the state says how far it is, so that the job can be
 * paused, cancelled, and go on after a restart.
 */
export function storeScuJob(parts: StoreScuJobParts): JobType<StoreScuState> {
  return {
    type: "DicomModalityStore",
    run: (state, signal) => run(parts, state, signal),
    describe: storeContent,
    restart: restartedSending,
  };
}

async function* run(
  parts: StoreScuJobParts,
  saved: StoreScuState,
  signal: AbortSignal,
): AsyncGenerator<Progress<StoreScuState>, void, void> {
  let state = saved;
  const instances = state.instances.slice(state.position);
  const scu = parts.openStoreScu(state.target, { instances, signal });
  try {
    for (const publicId of instances) {
      const failedBefore = state.failed.length;
      const outcome = await attempt(scu, publicId, state);
      signal.throwIfAborted();
      state = outcome.state;
      yield { state, fraction: state.position / state.instances.length };
      if (state.failed.length > failedBefore && !state.permissive) throw outcome.error;
    }
  } finally {
    await scu.close();
  }
  if (state.commitment === null) return;
  const { transactionUid, sent } = state.commitment;
  await requestCommitment(parts.commitment, state.target, transactionUid, sent);
}

interface Attempted {
  readonly state: StoreScuState;
  /** Why the instance was not stored. */
  readonly error?: unknown;
}

async function attempt(scu: StoreScu, publicId: string, state: StoreScuState): Promise<Attempted> {
  const position = state.position + 1;
  try {
    const outcome = await scu.storeInstance(publicId, state.moveOriginator ?? undefined);
    return { state: { ...state, position, commitment: withSent(state, outcome) } };
  } catch (error) {
    return { state: { ...state, position, failed: [...state.failed, publicId] }, error };
  }
}

function withSent({ commitment }: StoreScuState, { SOPClassUID, SOPInstanceUID }: StoreOutcome) {
  return commitment === null ? null : { ...commitment, sent: [...commitment.sent, { SOPClassUID, SOPInstanceUID }] };
}
