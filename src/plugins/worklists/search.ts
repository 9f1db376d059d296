import { worklistMatcher, type Dataset, type Log, type WorklistSearch } from "../../plugin-api.ts";
import type { WorklistSettings } from "./settings.ts";
import { forStation, namesStation, withoutEmptyPregnancyStatus } from "./station.ts";
import type { WorklistStore } from "./store.ts";

/** Answers queries from a store. */
export function worklistSearch(store: WorklistStore, settings: WorklistSettings, log: Log): WorklistSearch {
  const { filterIssuerAet, limitAnswers, logMatches } = settings;
  return async function* (query, { callingAet }): AsyncGenerator<Dataset, "incomplete" | undefined, void> {
    const match = worklistMatcher(filterIssuerAet ? withoutEmptyPregnancyStatus(query) : query, settings);
    const station = filterIssuerAet && !namesStation(query) ? callingAet.trim() : undefined;
    let answers = 0;
    for await (const { id, dataset } of store.all()) {
      const visible = station === undefined ? dataset : forStation(dataset, station);
      const answer = visible === undefined ? undefined : match(visible);
      if (answer === undefined) continue;
      if (logMatches) log.info(`the worklist ${id} matches the query of ${callingAet}`);
      yield answer;
      answers += 1;
      // As Orthanc: one more than the limit is given before it is noticed.
      if (limitAnswers > 0 && answers > limitAnswers) return "incomplete";
    }
    return undefined;
  };
}
