import { BatchedThread, type Packed } from "../../util/batched-thread.ts";
import { totalLength } from "../blob-data.ts";
import { blobPath } from "./blob-path.ts";
import { writeError } from "./file-errors.ts";
import type { SmallBlobBatch, SmallBlobOutcome, SmallBlobWorkerData } from "./small-blob-worker.ts";

interface Item {
  readonly uuid: string;
  readonly data: readonly Uint8Array[];
}

/** Writes small blobs in a thread of their own. */
export interface SmallBlobs {
  /** Durable when it resolves; when it throws nothing is left behind. */
  write(uuid: string, data: readonly Uint8Array[]): Promise<void>;
  /** Flushes the blobs and empties the journal. */
  close(): Promise<void>;
}

/** One copy into memory that moves to the thread: sending the buffers would copy whatever memory they are parts of. */
function pack(items: readonly Item[]): Packed {
  const lengths = items.map(({ data }) => totalLength(data));
  const bytes = new ArrayBuffer(lengths.reduce((sum, length) => sum + length, 0));
  const target = new Uint8Array(bytes);
  let position = 0;
  for (const { data } of items) {
    for (const buffer of data) {
      target.set(buffer, position);
      position += buffer.length;
    }
  }
  const message: SmallBlobBatch = { uuids: items.map(({ uuid }) => uuid), lengths, bytes };
  return { message, transfer: [bytes] };
}

/** Starts the thread with the first blob. `notice` hears of trouble that concerns no single blob. */
export function createSmallBlobs(data: SmallBlobWorkerData, notice: (text: string) => void): SmallBlobs {
  const thread = new BatchedThread<Item, SmallBlobOutcome>({
    module: new URL("small-blob-worker.ts", import.meta.url),
    data,
    pack,
    notice,
  });
  return {
    async write(uuid, buffers) {
      const path = blobPath(data.root, uuid);
      const outcome = await thread.run({ uuid, data: buffers });
      if (outcome !== undefined)
        throw writeError(Object.assign(new Error(outcome.message), { code: outcome.code }), path);
    },
    close: () => thread.close(),
  };
}
