import type { Catalog } from "../catalog/catalog.ts";
import type { JobType, Progress } from "../jobs/job.ts";
import { ServerError } from "../util/errors.ts";
import { jobFailure } from "./job-failure.ts";
import type { JobHeaderStore } from "./job-headers.ts";
import { type Batch, batchLimits, nextBatch, type BatchLimits } from "./stow-batches.ts";
import type { FailedInstance } from "./stow-outcome.ts";
import { sendBatch, type StowSendParts } from "./stow-send.ts";
import { describeFailed, restartedStow, stowContent, type StowState } from "./stow-state.ts";
import { ticks } from "./ticks.ts";

export interface StowJobParts extends StowSendParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly headers: JobHeaderStore;
  readonly limits?: BatchLimits;
}

/** Milliseconds between two reports of progress. */
const reportInterval = 1000;

/**
 * The job that sends instances by STOW-RS, in batches: after each the state says what the server has confirmed, so that the job
 * can be paused, cancelled, and go on after a restart. Sending an instance again is harmless. An instance that the server
 * refuses does not stop the others; the job fails in the end and names it.
 */
export function stowJob(parts: StowJobParts): JobType<StowState> {
  return {
    type: "DicomWebStowClient",
    run: (state, signal) => run(parts, { ...state, failure: null }, signal),
    describe: stowContent,
    restart: restartedStow,
  };
}

async function* run(
  parts: StowJobParts,
  saved: StowState,
  signal: AbortSignal,
): AsyncGenerator<Progress<StowState>, void, void> {
  let state = saved;
  try {
    while (state.position < state.instances.length) {
      for await (const step of sendNext(parts, state, signal)) {
        state = step.state;
        yield step;
      }
    }
    if (state.failed.length > 0) throw new ServerError("NetworkProtocol", describeFailed(state));
  } catch (error) {
    if (!signal.aborted) {
      state = { ...state, failure: jobFailure(error) };
      yield { state, fraction: state.position / state.instances.length };
    }
    throw error;
  }
}

/** Sends the batch at the position; only the last state it yields is beyond it. */
async function* sendNext(
  parts: StowJobParts,
  before: StowState,
  signal: AbortSignal,
): AsyncGenerator<Progress<StowState>, void, void> {
  const { server, instances, position, networkSize } = before;
  const batch = await nextBatch(parts.catalog, instances, position, parts.limits ?? batchLimits);
  const stop = new AbortController();
  let sent = 0;
  const sending = sendBatch(parts, {
    server,
    headers: parts.headers.all(before.headers),
    instances: batch.instances,
    signal: AbortSignal.any([signal, stop.signal]),
    onSent: (bytes) => {
      sent += bytes;
    },
  });
  try {
    for await (const _ of ticks(sending, reportInterval)) {
      const part = Math.min(1, sent / batchSize(batch)) * (batch.next - position);
      yield { state: { ...before, networkSize: networkSize + sent }, fraction: (position + part) / instances.length };
    }
    const failed = [...(await sending), ...missingInstances(batch)];
    const state = {
      ...before,
      position: batch.next,
      networkSize: networkSize + sent,
      failed: [...before.failed, ...failed],
    };
    yield { state, fraction: batch.next / instances.length };
  } finally {
    // When the server stops, or the job is cancelled, while the batch is under way.
    stop.abort();
    await Promise.allSettled([sending]);
  }
}

function batchSize({ instances }: Batch): number {
  return instances.reduce((sum, { size }) => sum + size, 0);
}

function missingInstances({ missing }: Batch): readonly FailedInstance[] {
  return missing.map((id) => ({ id, SOPInstanceUID: "", reason: "is no longer in the archive" }));
}
