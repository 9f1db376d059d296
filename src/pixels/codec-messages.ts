import type { ErrorName } from "../util/errors.ts";
import type { FrameShape } from "./frame.ts";
import type { FrameTask } from "./frame-task.ts";

/** A task on its way to a codec thread; its memory moves there. */
export interface FrameMessage extends Omit<FrameTask, "bytes"> {
  readonly bytes: ArrayBuffer;
}

/** What a codec thread answers. */
export type OutcomeMessage =
  | { readonly shape: FrameShape; readonly bytes: ArrayBuffer }
  | { readonly errorName: ErrorName; readonly details: string | undefined };

/** Memory with these bytes and nothing else, that may be moved to another thread; copied unless they have such memory already. */
export function ownMemory(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteLength } = bytes;
  return buffer instanceof ArrayBuffer && byteLength === buffer.byteLength ? buffer : copiedMemory(bytes);
}

/** A copy of the bytes, in memory of its own. */
export function copiedMemory(bytes: Uint8Array): ArrayBuffer {
  const memory = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(memory).set(bytes);
  return memory;
}
