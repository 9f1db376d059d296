import type { Catalog, ResourceReference } from "../catalog/catalog.ts";
import type { Log } from "../util/log.ts";
import type { Clock } from "./clock.ts";
import { parseUtcDate, utcDate } from "../util/utc-date.ts";

export interface StabilityParts {
  readonly catalog: Pick<Catalog, "unstable" | "markStable" | "markUnstable">;
  readonly clock: Clock;
  /** `StableAge`, in milliseconds. */
  readonly age: number;
  /** Told after a resource was marked. */
  readonly stable: (resource: ResourceReference) => void;
  readonly log: Log;
}

/** Calls patients, studies and series stable once nothing came for them during the stable age. */
export interface Stability {
  /** Something new came for the resource. */
  touch(resource: ResourceReference): void;
  forget(publicId: string): void;
  /** Calls a resource stable before its time. False when it is already, or has gone. */
  settle(resource: ResourceReference): Promise<boolean>;
  /** Has a stable resource wait for the stable age again. False when it is not stable, or has gone. */
  unsettle(resource: ResourceReference): Promise<boolean>;
  /** Takes up what the last run left unstable. */
  resume(): Promise<void>;
  /** Stops the timer and waits for what is being marked. */
  close(): Promise<void>;
}

interface Waiting {
  readonly resource: ResourceReference;
  /** Milliseconds since the epoch. */
  readonly due: number;
  /** LastUpdate as the catalog has it, where it is known. */
  readonly lastUpdate?: string;
}

/** All resources wait for the same time, so those touched first are due first: one queue and one timer serve all. */
export function createStability(parts: StabilityParts): Stability {
  const { catalog, clock, age, log } = parts;
  const waiting = new Map<string, Waiting>();
  let cancelTimer: (() => void) | undefined;
  let marking: Promise<void> | undefined;
  let isClosed = false;

  const schedule = (): void => {
    if (isClosed || cancelTimer !== undefined || marking !== undefined) return;
    const [first] = waiting.values();
    if (first === undefined) return;
    cancelTimer = clock.after(Math.max(0, first.due - clock.now()), () => {
      cancelTimer = undefined;
      marking = markDue().finally(() => {
        marking = undefined;
        schedule();
      });
    });
  };
  const markDue = async (): Promise<void> => {
    for (const [publicId, found] of waiting) {
      if (isClosed || found.due > clock.now()) return;
      waiting.delete(publicId);
      await mark(found);
    }
  };
  const mark = async ({ resource, due, lastUpdate }: Waiting): Promise<void> => {
    try {
      const unchangedSince = lastUpdate ?? utcDate(due - age);
      if (await catalog.markStable(resource, utcDate(clock.now()), unchangedSince)) parts.stable(resource);
    } catch (error) {
      log.error(`cannot mark ${resource.level} ${resource.publicId} as stable`, { error });
    }
  };
  const wait = (entry: Waiting): void => {
    const { publicId } = entry.resource;
    waiting.delete(publicId);
    waiting.set(publicId, entry);
    schedule();
  };

  return {
    touch: (resource) => wait({ resource, due: clock.now() + age }),
    forget: (publicId) => void waiting.delete(publicId),
    async unsettle(resource) {
      const isMarked = await catalog.markUnstable(resource);
      if (isMarked) wait({ resource, due: clock.now() + age });
      return isMarked;
    },
    async settle(resource) {
      waiting.delete(resource.publicId);
      const isMarked = await catalog.markStable(resource, utcDate(clock.now()));
      if (isMarked) parts.stable(resource);
      return isMarked;
    },
    async resume() {
      const left = await catalog.unstable();
      const now = clock.now();
      const entries = left.map(({ level, publicId, lastUpdate }) => ({
        resource: { level, publicId },
        // A clock that was wrong must not make anything wait longer than the stable age.
        due: Math.min(parseUtcDate(lastUpdate), now) + age,
        lastUpdate,
      }));
      for (const entry of entries.toSorted((first, second) => first.due - second.due)) wait(entry);
    },
    async close() {
      isClosed = true;
      cancelTimer?.();
      await marking;
    },
  };
}
