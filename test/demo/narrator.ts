/** Prints the steps of the demo as they go. */
export interface Narrator {
  readonly failed: boolean;
  title(text: string): void;
  /** Runs a step and prints its outcome: `tell` says in a few words what came out. A failing step is printed and thrown. */
  step<T>(name: string, act: () => Promise<T>, tell: (result: T) => string): Promise<T>;
}

export function createNarrator(print: (line: string) => void = console.log): Narrator {
  let failed = false;
  return {
    get failed() {
      return failed;
    },
    title: (text) => print(`\n${text}`),
    async step(name, act, tell) {
      const start = performance.now();
      try {
        const result = await act();
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        print(`  ✔ ${name.padEnd(46)} ${tell(result)} (${seconds} s)`);
        return result;
      } catch (error) {
        failed = true;
        print(`  ✘ ${name}: ${error instanceof Error ? error.message : String(error)}`);
        throw error;
      }
    },
  };
}
