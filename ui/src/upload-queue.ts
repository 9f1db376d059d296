import { useRef, useState } from "preact/hooks";
import { upload } from "./api.ts";
import { messageOf } from "./loaded.ts";

/** Files on their way at the same time: enough to fill the line, few enough to leave the server to others. */
const parallel = 4;

/** How far the upload of all files is: `files` in all, `done` with them; `bytes` in all, `sent` of them. */
export interface UploadState {
  readonly files: number;
  readonly done: number;
  readonly bytes: number;
  readonly sent: number;
  /** Instances: one for each file, or many in a ZIP archive. */
  readonly stored: number;
  readonly known: number;
  readonly failures: readonly string[];
}

const nothing: UploadState = { files: 0, done: 0, bytes: 0, sent: 0, stored: 0, known: 0, failures: [] };

export interface UploadQueue {
  readonly state: UploadState;
  readonly add: (files: readonly File[]) => void;
  readonly fail: (message: string) => void;
  readonly clear: () => void;
}

/** Tells other pages that something new is stored. */
export const uploadedEvent = "greyhaven:uploaded";

/** Sends files, some at a time, and counts what became of them. */
export function useUploadQueue(): UploadQueue {
  const [state, setState] = useState(nothing);
  const queue = useRef<File[]>([]);
  const running = useRef(0);
  const update = (change: (now: UploadState) => Partial<UploadState>): void =>
    setState((now) => ({ ...now, ...change(now) }));
  const fail = (message: string): void => update(({ failures }) => ({ failures: [...failures, message] }));

  async function send(file: File): Promise<void> {
    let seen = 0;
    const advance = (total: number): void => {
      const step = Math.min(total, file.size) - seen;
      seen += step;
      update(({ sent }) => ({ sent: sent + step }));
    };
    try {
      const instances = await upload(file, advance);
      const fresh = instances.filter(({ Status }) => Status === "Success").length;
      const known = instances.filter(({ Status }) => Status === "AlreadyStored").length;
      update((now) => ({ stored: now.stored + fresh, known: now.known + known }));
      const refused = instances.length - fresh - known;
      if (refused > 0) fail(`${file.name}: ${refused} of ${instances.length} instances were not stored`);
    } catch (error) {
      fail(`${file.name}: ${messageOf(error)}`);
    }
    advance(file.size);
    update(({ done }) => ({ done: done + 1 }));
  }

  async function sendAll(): Promise<void> {
    for (let file = queue.current.shift(); file !== undefined; file = queue.current.shift()) await send(file);
    running.current -= 1;
    if (running.current === 0) dispatchEvent(new CustomEvent(uploadedEvent));
  }

  function add(files: readonly File[]): void {
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    update((now) => ({ files: now.files + files.length, bytes: now.bytes + bytes }));
    queue.current.push(...files);
    while (running.current < parallel && queue.current.length > 0) {
      running.current += 1;
      void sendAll();
    }
  }

  return { state, add, fail, clear: () => setState(nothing) };
}
