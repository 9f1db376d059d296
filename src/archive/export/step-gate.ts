/** Lets a flow pass one step at a time, so that who opens the gate sees each step and may hold the flow. */
export interface StepGate {
  /** Called by the flow before each step: resolves when the gate is opened; throws the signal's reason when that is aborted. */
  pass(): Promise<void>;
  /** Resolves when the flow stands before the gate. */
  arrived(): Promise<void>;
  open(): void;
}

export function createStepGate(signal: AbortSignal): StepGate {
  let arrival = Promise.withResolvers<void>();
  let opening = Promise.withResolvers<void>();
  const open = (): void => {
    arrival = Promise.withResolvers<void>();
    opening.resolve();
    opening = Promise.withResolvers<void>();
  };
  signal.addEventListener("abort", open, { once: true });
  return {
    async pass() {
      signal.throwIfAborted();
      arrival.resolve();
      await opening.promise;
      signal.throwIfAborted();
    },
    arrived: () => arrival.promise,
    open,
  };
}
