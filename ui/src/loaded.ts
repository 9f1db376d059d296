import { useCallback, useEffect, useState } from "preact/hooks";

export type Loaded<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "ready"; readonly value: T };

const loading = { state: "loading" } as const;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Loads when `key` changes or `reload` is called; what was loaded for another key is not shown, a late answer dropped. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): [Loaded<T>, () => void] {
  const [settled, setSettled] = useState<{ readonly key: string; readonly loaded: Loaded<T> }>({
    key,
    loaded: loading,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const settle = (loaded: Loaded<T>): void => {
      if (!abort.signal.aborted) setSettled({ key, loaded });
    };
    load(abort.signal).then(
      (value) => settle({ state: "ready", value }),
      (error: unknown) => settle({ state: "failed", message: messageOf(error) }),
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((previous) => previous + 1), []);
  return [settled.key === key ? settled.loaded : loading, reload];
}

/** Reloads so long after each answer, while the page is shown: a slow answer is waited for. Undefined stops it. */
export function useReloading(loaded: Loaded<unknown>, reload: () => void, milliseconds: number | undefined): void {
  useEffect(() => {
    if (loaded.state === "loading" || milliseconds === undefined) return undefined;
    const timer = setInterval(() => {
      if (document.hidden) return;
      clearInterval(timer);
      reload();
    }, milliseconds);
    return () => clearInterval(timer);
  }, [loaded, reload, milliseconds]);
}
