/** Bytes of buffers that may wait to be let go of. */
const mostWaiting = 4 << 20;

/**
 * Counts the bytes of a stream, and has its buffers let go of in time: V8 collects what is young when 2 MB of its own heap are full, and as
 * buffers lie outside of it, some 30 MB of them would wait for that. Without `--expose-gc` (runtime.ts) they do.
 */
export function createBufferCount(): (bytes: number) => void {
  let waiting = 0;
  return (bytes) => {
    waiting += bytes;
    if (waiting < mostWaiting) return;
    waiting = 0;
    globalThis.gc?.({ type: "minor" });
  };
}
