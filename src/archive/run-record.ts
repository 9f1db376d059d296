import type { Catalog } from "../catalog/catalog.ts";

const startedAt = "started-at";
const cleanShutdown = "clean-shutdown";

type Properties = Pick<Catalog, "property" | "setProperty">;

/**
 * Notes in the catalog that a run begins, at `now` (milliseconds since the epoch). Returns when the last run began that ended in a
 * crash; undefined when nothing has to be swept.
 */
export async function beginRun(catalog: Properties, now: number): Promise<number | undefined> {
  const before = Number((await catalog.property(startedAt)) ?? Number.NaN);
  const wasClean = (await catalog.property(cleanShutdown)) !== undefined;
  const crashedSince = wasClean || !Number.isFinite(before) ? undefined : before;
  // After a crash the earlier beginning stays until the sweep is done: it may crash as well.
  if (crashedSince === undefined) await catalog.setProperty(startedAt, String(now));
  await catalog.setProperty(cleanShutdown, undefined);
  return crashedSince;
}

/** Notes that all orphans of earlier runs are gone; this run began at `now`. */
export async function noteSwept(catalog: Properties, now: number): Promise<void> {
  await catalog.setProperty(startedAt, String(now));
}

/** Notes that the run ended in order. */
export async function endRun(catalog: Properties): Promise<void> {
  await catalog.setProperty(cleanShutdown, "true");
}
