import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { upload } from "../api.ts";
import { droppedFiles } from "../dropped-files.ts";
import { messageOf } from "../loaded.ts";
import { size } from "../model.ts";

/** Files on their way at the same time: enough to fill the line, few enough to leave the server to others. */
const parallel = 4;

interface UploadState {
  readonly files: number;
  readonly bytes: number;
  readonly sent: number;
  readonly stored: number;
  readonly failures: readonly string[];
}

const nothing: UploadState = { files: 0, bytes: 0, sent: 0, stored: 0, failures: [] };

/** Tells other pages that something new is stored. */
export const uploadedEvent = "greyhaven:uploaded";

function useUpload(): [UploadState, (files: readonly File[]) => void, () => void] {
  const [state, setState] = useState(nothing);
  const queue = useRef<File[]>([]);
  const running = useRef(0);

  async function sendNext(): Promise<void> {
    for (let file = queue.current.shift(); file !== undefined; file = queue.current.shift()) {
      let seen = 0;
      const { name, size: total } = file;
      const advance = (sent: number): void => {
        const step = Math.min(sent, total) - seen;
        seen += step;
        setState((now) => ({ ...now, sent: now.sent + step }));
      };
      try {
        await upload(file, advance);
        setState((now) => ({ ...now, stored: now.stored + 1 }));
      } catch (error) {
        setState((now) => ({ ...now, failures: [...now.failures, `${name}: ${messageOf(error)}`] }));
      }
      advance(total);
    }
    running.current -= 1;
    if (running.current === 0) dispatchEvent(new CustomEvent(uploadedEvent));
  }

  function add(files: readonly File[]): void {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    setState((now) => ({ ...now, files: now.files + files.length, bytes: now.bytes + bytes }));
    queue.current.push(...files);
    while (running.current < Math.min(parallel, queue.current.length + running.current)) {
      running.current += 1;
      void sendNext();
      if (queue.current.length === 0) break;
    }
  }

  return [state, add, () => setState(nothing)];
}

function Report({ state, onClose }: { readonly state: UploadState; readonly onClose: () => void }): VNode {
  const done = state.stored + state.failures.length === state.files;
  return (
    <section class="panel" role="status">
      <header>
        <strong>{done ? "Upload finished" : "Uploading"}</strong>
        {done && (
          <button type="button" class="quiet" onClick={onClose}>
            Close
          </button>
        )}
      </header>
      <progress max={Math.max(state.bytes, 1)} value={state.sent} />
      <p>
        {state.stored} of {state.files} files stored, {size(state.sent)} of {size(state.bytes)}
      </p>
      {state.failures.length > 0 && (
        <details>
          <summary>{state.failures.length} not stored</summary>
          <ul>
            {state.failures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** Takes files and folders dropped anywhere on the page, or chosen, and shows how their upload goes. */
export function UploadPanel(): VNode {
  const [state, add, clear] = useUpload();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const dragOver = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void droppedFiles(event.dataTransfer).then(add);
    };
    addEventListener("dragover", dragOver);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", dragOver);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return (
    <aside class="upload">
      {over && <div class="drop-target">Drop DICOM files, folders or ZIP archives to store them</div>}
      {state.files > 0 && <Report state={state} onClose={clear} />}
      <label class="button">
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
    </aside>
  );
}
