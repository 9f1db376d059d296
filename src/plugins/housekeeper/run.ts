import { type Clock, type KeyValues, type PluginServer, utcDate } from "../../plugin-api.ts";
import { processStudy } from "./process-study.ts";
import { keepProgress, type Progress, readProgress } from "./progress.ts";
import { isWithin, untilNextHour } from "./schedule.ts";
import type { HousekeeperSettings } from "./settings.ts";
import { neededWork, presentSetup, type Setup, setupAfter, unknownSetup, type Work } from "./setup.ts";

export interface HousekeepingParts {
  readonly server: Pick<PluginServer, "ask" | "section" | "log">;
  readonly store: Pick<KeyValues, "get" | "set">;
  readonly settings: HousekeeperSettings;
  readonly clock: Clock;
}

/**
 * Goes through the studies that were not stored and indexed as new ones are, in the order of their identifiers and from where it was
 * left. It is told of `stop`, and keeps its place after each study.
 */
export async function keepHouse(parts: HousekeepingParts, stop: AbortSignal): Promise<void> {
  const { server, store, settings, clock } = parts;
  const now = await presentSetup(server);
  const kept = await readProgress(store);
  const last = kept.LastProcessedConfiguration ?? unknownSetup;
  const current = kept.CurrentlyProcessedConfiguration;
  const work = neededWork(current === null ? [last] : [last, current], now, settings);
  const hasWork = work.tags || work.files || work.cache;
  if (!hasWork && current === null) {
    server.log.info("housekeeper: nothing was changed, nothing is to be done");
    return;
  }
  const isResumed = JSON.stringify([current, kept.Work]) === JSON.stringify([now, work]);
  let progress: Progress = isResumed ? kept : begin(kept, now, work, clock);
  const studies = hasWork ? await studiesAfter(parts, progress.LastProcessedStudy) : [];
  progress = { ...progress, StudiesToProcess: progress.StudiesProcessed + studies.length };
  await keepProgress(store, progress);
  server.log.info(`housekeeper: ${studies.length} studies are to be put in order`, { ...work });
  for (const study of studies) {
    if (!(await mayWork(parts, stop))) return;
    await processOne(parts, study, work);
    progress = { ...progress, LastProcessedStudy: study, StudiesProcessed: progress.StudiesProcessed + 1 };
    await keepProgress(store, progress);
    await pause(clock, settings.throttleDelay, stop);
  }
  await keepProgress(store, {
    ...progress,
    LastProcessedConfiguration: setupAfter(last, now, settings),
    CurrentlyProcessedConfiguration: null,
  });
  server.log.info("housekeeper: all studies are in order");
}

function begin(kept: Progress, now: Setup, work: Work, clock: Clock): Progress {
  return {
    ...kept,
    CurrentlyProcessedConfiguration: now,
    Work: work,
    LastProcessedStudy: "",
    StudiesProcessed: 0,
    LastTimeStarted: utcDate(clock.now()),
  };
}

async function studiesAfter({ server }: HousekeepingParts, last: string): Promise<readonly string[]> {
  const listed = await (await server.ask("GET", "/studies")).json();
  const all = Array.isArray(listed) ? listed.map(String) : [];
  return all.filter((study) => study > last).toSorted((left, right) => (left < right ? -1 : 1));
}

/** One study that cannot be processed does not keep the others from it. */
async function processOne({ server, settings }: HousekeepingParts, study: string, work: Work): Promise<void> {
  try {
    await processStudy(server.ask, study, work, settings.level);
  } catch (error) {
    server.log.error(`housekeeper: the study ${study} cannot be put in order`, { error });
  }
}

/** Waits for an hour of the schedule; false when it was stopped. */
async function mayWork({ settings, clock }: HousekeepingParts, stop: AbortSignal): Promise<boolean> {
  const isOpen = (): boolean => settings.schedule === undefined || isWithin(settings.schedule, clock.now());
  while (!stop.aborted && !isOpen()) await pause(clock, untilNextHour(clock.now()), stop);
  return !stop.aborted;
}

/** Resolves after a time, or at once when it is stopped. */
export async function pause(clock: Clock, milliseconds: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(milliseconds, done);
    function done(): void {
      stop.removeEventListener("abort", done);
      cancel();
      resolve();
    }
    stop.addEventListener("abort", done);
  });
}
