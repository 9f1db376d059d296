import type { VNode } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { droppedFiles } from "../dropped-files.ts";
import { count, size } from "../format.ts";
import { messageOf } from "../loaded.ts";
import { type UploadState, useUploadQueue } from "../upload-queue.ts";

/** What became of the files so far, in one sentence. */
function outcome({ stored, known, failures }: UploadState): string {
  const parts = [
    `${count(stored, "instance")} stored`,
    ...(known > 0 ? [`${known} already stored before`] : []),
    ...(failures.length > 0 ? [`${failures.length} refused`] : []),
  ];
  return parts.join(", ");
}

function Report({ state, onClose }: { readonly state: UploadState; readonly onClose: () => void }): VNode {
  const finished = state.done === state.files;
  return (
    <section class="panel" aria-label="Upload">
      <header>
        <strong role="status">{finished ? `Upload finished: ${outcome(state)}` : "Uploading…"}</strong>
        {finished && (
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        )}
      </header>
      {finished || <progress aria-label="Bytes sent" max={Math.max(state.bytes, 1)} value={state.sent} />}
      <p class="soft">
        {state.done} of {count(state.files, "file")}, {size(state.sent)} of {size(state.bytes)}
      </p>
      {state.failures.length > 0 && (
        <ul class="failures">
          {state.failures.map((failure, index) => (
            <li key={index}>{failure}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Follows files that are dragged over the page; true while they are. */
function useDrop(onDrop: (transfer: DataTransfer) => void): boolean {
  const [over, setOver] = useState(false);
  useLayoutEffect(() => {
    const listening = new AbortController();
    const listen = (type: "dragover" | "dragleave" | "drop", heard: (event: DragEvent) => void): void =>
      addEventListener(type, heard, { signal: listening.signal });
    listen("dragover", (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(true);
    });
    listen("dragleave", (event) => {
      if (event.relatedTarget === null) setOver(false);
    });
    // A drag that is cancelled does not always leave; but the pointer only moves by itself when nothing is dragged.
    addEventListener("pointermove", () => setOver(false), { signal: listening.signal });
    listen("drop", (event) => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setOver(false);
      onDrop(event.dataTransfer);
    });
    return () => listening.abort();
  }, []);
  return over;
}

/** Takes files and folders dropped anywhere on the page, or chosen, and shows how their upload goes. */
export function Upload(): VNode {
  const { state, add, fail, clear } = useUploadQueue();
  const over = useDrop((transfer) => {
    droppedFiles(transfer).then(add, (error: unknown) => fail(messageOf(error)));
  });
  return (
    <>
      <label class="button upload">
        Upload…
        <input
          type="file"
          multiple
          class="hidden"
          onChange={(event) => {
            add([...(event.currentTarget.files ?? [])]);
            event.currentTarget.value = "";
          }}
        />
      </label>
      {(state.files > 0 || state.failures.length > 0) && <Report state={state} onClose={clear} />}
      {over && <div class="drop-target">Drop DICOM files, folders or ZIP archives to store them</div>}
    </>
  );
}
