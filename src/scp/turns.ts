/** Lets a limited number of tasks run at the same time; the others wait in the order of their coming. */
export interface Turns {
  /** Resolves when it is the caller's turn, which lasts until what is returned is disposed of. */
  take(): Promise<Disposable>;
  /** Turns that could be taken without waiting. */
  readonly available: number;
}

/** `limit`: 1 or more. */
export function createTurns(limit: number): Turns {
  let available = limit;
  const waiting: (() => void)[] = [];
  const turn: Disposable = {
    [Symbol.dispose]() {
      const next = waiting.shift();
      if (next === undefined) available += 1;
      else next();
    },
  };
  return {
    async take() {
      if (available > 0) available -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return turn;
    },
    get available() {
      return available;
    },
  };
}
