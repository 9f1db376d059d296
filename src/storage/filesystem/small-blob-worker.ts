/** The thread that writes small blobs: their files, then their records in the journal with one flush for the batch. */
import { workerData } from "node:worker_threads";
import { sendNotice, serveBatches } from "../../util/batched-thread-port.ts";
import { removeSmallFile, syncSmallFile, writeSmallFile } from "./small-file.ts";
import { blobPath } from "./blob-path.ts";
import { errorCode } from "./file-errors.ts";
import { flushBlobs } from "./flush.ts";
import { Journal } from "./journal.ts";
import type { SmallBlob } from "./journal-segment.ts";

export interface SmallBlobWorkerData {
  readonly root: string;
  readonly journal: {
    readonly paths: readonly [string, string];
    readonly capacity: number;
  };
}

/** Blobs as they travel: all bytes one after the other. */
export interface SmallBlobBatch {
  readonly uuids: readonly string[];
  readonly lengths: readonly number[];
  readonly bytes: ArrayBuffer;
}

/** The system's code and words of what went wrong with a blob; undefined when it is durable. */
export type SmallBlobOutcome = { readonly code: string; readonly message: string } | undefined;

const { root, journal: journalData } = workerData as SmallBlobWorkerData;
const journal = new Journal({
  ...journalData,
  makeDurable: (uuids) => flushBlobs(root, uuids),
  failed: (error) =>
    sendNotice(`the storage's journal could not be flushed and is kept for the next start: ${String(error)}`),
});

function blobsIn({ uuids, lengths, bytes }: SmallBlobBatch): SmallBlob[] {
  let start = 0;
  return uuids.map((uuid, at) => {
    const length = lengths[at] ?? 0;
    const data = new Uint8Array(bytes, start, length);
    start += length;
    return { uuid, data };
  });
}

function attempt(act: () => void): SmallBlobOutcome {
  try {
    act();
    return undefined;
  } catch (error) {
    return { code: errorCode(error) ?? "EIO", message: error instanceof Error ? error.message : String(error) };
  }
}

function makeDurable(blobs: readonly SmallBlob[]): void {
  if (blobs.length > 0 && !journal.append(blobs)) for (const { uuid } of blobs) syncSmallFile(blobPath(root, uuid));
}

function writeBatch(batch: SmallBlobBatch): readonly SmallBlobOutcome[] {
  const blobs = blobsIn(batch);
  const outcomes = blobs.map(({ uuid, data }) => attempt(() => writeSmallFile(blobPath(root, uuid), data)));
  const written = blobs.filter((_, at) => outcomes[at] === undefined);
  const failure = attempt(() => makeDurable(written));
  if (failure === undefined) return outcomes;
  for (const { uuid } of written) attempt(() => removeSmallFile(blobPath(root, uuid)));
  return outcomes.map((outcome) => outcome ?? failure);
}

serveBatches({ run: (batch) => writeBatch(batch as SmallBlobBatch), close: () => journal.close() });
