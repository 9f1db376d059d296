import { useCallback, useEffect, useState } from "preact/hooks";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "ready"; readonly value: T };

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Loads when `key` changes or `reload` is called; an answer that comes too late is dropped. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): [Loaded<T>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: "loading" });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setLoaded({ state: "ready", value });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setLoaded({ state: "failed", message: messageOf(error) });
      },
    );
    return () => abort.abort();
  }, [key, turn]);
  return [loaded, useCallback(() => setTurn((previous) => previous + 1), [])];
}

/** Calls `tick` every `milliseconds` while the page is shown. */
export function useInterval(milliseconds: number, tick: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) tick();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds, tick]);
}
