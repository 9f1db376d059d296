import type { StowAnswer } from "./stow-answer.ts";

/** An instance that goes to a server. */
export interface OutgoingInstance {
  /** Orthanc's identifier. */
  readonly id: string;
  readonly SOPInstanceUID: string;
  /** Bytes of the file. */
  readonly size: number;
}

/** An instance that a server did not store. */
export interface FailedInstance {
  readonly id: string;
  readonly SOPInstanceUID: string;
  readonly reason: string;
}

/**
 * The instances of a batch that failed, given the server's answer. Undefined when the answer does not tell which: then each must
 * be sent alone. An instance counts as stored only when the server says so.
 */
export function failedInstances(
  batch: readonly OutgoingInstance[],
  answer: StowAnswer,
): readonly FailedInstance[] | undefined {
  if (answer.failures.length === 0 && answer.storedCount === batch.length) return [];
  const isFailed = failedTest(batch, answer);
  if (isFailed === undefined) return undefined;
  const failed = batch.filter(({ SOPInstanceUID }) => isFailed(SOPInstanceUID));
  if (failed.length === 0) return undefined;
  const named = new Map(answer.failures.map(({ SOPInstanceUID, reason }) => [SOPInstanceUID, reason]));
  const unnamed = [...new Set(answer.failures.flatMap((one) => (one.SOPInstanceUID === undefined ? one.reason : [])))];
  const otherwise = unnamed.length === 0 ? "not confirmed by the server" : unnamed.join("; ");
  return failed.map(({ id, SOPInstanceUID }) => ({
    id,
    SOPInstanceUID,
    reason: named.get(SOPInstanceUID) ?? otherwise,
  }));
}

/** Tells by UID; undefined when the answer has too few of them. */
function failedTest(
  batch: readonly OutgoingInstance[],
  { storedCount, storedUids, failures }: StowAnswer,
): ((uid: string) => boolean) | undefined {
  if (batch.length === 1) return () => true;
  const failedUids = new Set(failures.flatMap(({ SOPInstanceUID }) => SOPInstanceUID ?? []));
  if (storedUids.size === storedCount) return (uid) => failedUids.has(uid) || !storedUids.has(uid);
  const allNamed = failedUids.size === failures.length && failedUids.size + storedCount === batch.length;
  return allNamed ? (uid) => failedUids.has(uid) : undefined;
}
