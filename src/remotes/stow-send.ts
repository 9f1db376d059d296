import type { Log } from "../util/log.ts";
import type { Clock } from "./clock.ts";
import { RemoteFailure } from "./remote-failure.ts";
import { policyFor, retryPolicy, withRetries, type RetryPolicy } from "./retry.ts";
import { failedInstances, type FailedInstance, type OutgoingInstance } from "./stow-outcome.ts";
import { postInstances, type StowPost, type StowPostParts } from "./stow-post.ts";

export interface StowSendParts extends StowPostParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly policy?: RetryPolicy;
}

type Send = (instances: readonly OutgoingInstance[]) => Promise<readonly FailedInstance[] | undefined>;

/**
 * Sends a batch, with retries, and once more one by one when the server does not tell which of its instances failed; gives those
 * that failed.
 * @throws RemoteFailure, or what the network or the archive threw, when no answer can be had for the batch
 */
export async function sendBatch(parts: StowSendParts, post: StowPost): Promise<readonly FailedInstance[]> {
  const { clock, log } = parts;
  const { server, signal } = post;
  const policy = policyFor(parts.client.server(server), parts.policy ?? retryPolicy);
  const send: Send = async (instances) => {
    const answer = await withRetries(
      `STOW-RS of ${instances.length} instances to "${server}"`,
      async () => await postInstances(parts, { ...post, instances }),
      { policy, clock, log, signal },
    );
    return failedInstances(instances, answer);
  };
  const failed = await unlessConflict(send, post.instances);
  if (failed !== undefined) return failed;
  const outcomes: FailedInstance[] = [];
  for (const instance of post.instances) outcomes.push(...((await unlessConflict(send, [instance])) ?? []));
  return outcomes;
}

/** A conflict without a list is the failure of a single instance; of a batch it does not tell which one failed. */
async function unlessConflict(
  send: Send,
  instances: readonly OutgoingInstance[],
): Promise<readonly FailedInstance[] | undefined> {
  try {
    return await send(instances);
  } catch (error) {
    if (!(error instanceof RemoteFailure) || error.status !== 409) throw error;
    const [first, ...others] = instances;
    if (first === undefined || others.length > 0) return undefined;
    return [{ id: first.id, SOPInstanceUID: first.SOPInstanceUID, reason: error.details ?? error.message }];
  }
}
