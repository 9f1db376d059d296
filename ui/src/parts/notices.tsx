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
  if (loaded.state === "failed") {
    return (
      <p class="notice error" role="alert">
        {loaded.message}
      </p>
    );
  }
  return <>{children(loaded.value)}</>;
}
