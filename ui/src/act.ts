import { useState } from "preact/hooks";
import { messageOf } from "./loaded.ts";

/** What a button does: whether it is at it, and why it failed the last time. */
export interface Act {
  readonly busy: boolean;
  readonly error: string | undefined;
  readonly run: (act: () => Promise<void>) => void;
}

const idle = { busy: false, error: undefined };

export function useAct(): Act {
  const [state, setState] = useState<Omit<Act, "run">>(idle);
  function run(act: () => Promise<void>): void {
    setState({ busy: true, error: undefined });
    act().then(
      () => setState(idle),
      (failure: unknown) => setState({ busy: false, error: messageOf(failure) }),
    );
  }
  return { ...state, run };
}
