import type { ComponentChildren, VNode } from "preact";
import type { Loaded } from "../loaded.ts";

/** Shows what is loaded; until then that it loads, or why it failed. */
export function Shown<T>({
  loaded,
  children,
}: {
  readonly loaded: Loaded<T>;
  readonly children: (value: T) => ComponentChildren;
}): VNode {
  if (loaded.state === "loading") return <p class="notice">Loading…</p>;
  if (loaded.state === "failed") return <Failure message={loaded.message} />;
  return <>{children(loaded.value)}</>;
}

/** Why something failed; nothing when it did not. */
export function Failure({ message }: { readonly message: string | undefined }): VNode {
  if (message === undefined) return <></>;
  return (
    <p class="error" role="alert">
      {message}
    </p>
  );
}
