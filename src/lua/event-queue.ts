import type { Log } from "../util/log.ts";

/** Something that waits for its turn. What it throws is logged with its name. */
export interface QueuedEvent {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface EventQueue {
  add(event: QueuedEvent): void;
  /** Waits, for a while at most, until fewer events wait than are kept gladly: so that who makes events goes at the pace of the scripts. */
  relief(): Promise<void>;
  /** Waits until all have run, or for so many milliseconds. */
  drained(milliseconds: number): Promise<void>;
}

/** Events that may wait before those who make them are slowed down. */
const gladlyKept = 1000;
/** Milliseconds: a script that waits for what it has itself brought about must not wait for ever. */
const longestPause = 1000;

/** Runs events one after the other, in the order in which they came. */
export function createEventQueue(log: Log): EventQueue {
  const waiting: QueuedEvent[] = [];
  const relieved = new Set<() => void>();
  let running: Promise<void> | undefined;
  let size = 0;

  const runAll = async (): Promise<void> => {
    // A list from which the first is taken away again and again is slow when it is long.
    for (let batch = waiting.splice(0); batch.length > 0; batch = waiting.splice(0)) {
      for (const event of batch) {
        size -= 1;
        await runOne(event, log);
        if (size < gladlyKept) relieve();
      }
    }
    running = undefined;
    relieve();
  };
  const relieve = (): void => {
    for (const resolve of relieved) resolve();
    relieved.clear();
  };
  return {
    add(event) {
      size += 1;
      waiting.push(event);
      running ??= Promise.resolve().then(runAll);
    },
    async relief() {
      if (size < gladlyKept) return;
      await within(longestPause, new Promise<void>((resolve) => relieved.add(resolve)));
    },
    async drained(milliseconds) {
      if (running !== undefined) await within(milliseconds, running);
      if (size > 0) log.error(`${size} events that Lua scripts did not hear of are lost`);
    },
  };
}

async function runOne({ name, run }: QueuedEvent, log: Log): Promise<void> {
  try {
    await run();
  } catch (error) {
    log.error(`the Lua callback ${name} failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function within(milliseconds: number, promise: Promise<void>): Promise<void> {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([promise, over]);
  clearTimeout(timer);
}
