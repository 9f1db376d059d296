import type { Catalog, NewInstance } from "../catalog.ts";
import type { Writes } from "../sql-catalog/acts.ts";
import type { Executor } from "./executor.ts";

/** Series that were stored to lately, the most recent last. */
const rememberedSeries = 1024;

/** What the rows of the ancestors are made from stays behind; ExpectedNumberOfInstances tells whether the series can be complete. */
function ownLevel(instance: NewInstance): NewInstance {
  const { mainDicomTags, metadata } = instance;
  const expected = metadata.Series[4];
  return {
    ...instance,
    mainDicomTags: { Patient: {}, Study: {}, Series: {}, Instance: mainDicomTags.Instance },
    metadata: {
      Patient: {},
      Study: {},
      Series: expected === undefined ? {} : { 4: expected },
      Instance: metadata.Instance,
    },
  };
}

/**
 * Storing through a thread. Most instances belong to a series that has just been stored to: then only their own level is sent, a third of
 * the whole, and the rest only when the series has gone meanwhile.
 */
export function createStoring(writer: Executor<Writes>): Catalog["storeInstance"] {
  const recent = new Set<string>();
  return async (instance, policy) => {
    const { Series } = instance.identifiers;
    if (recent.has(Series)) {
      const result = await writer.call("storeInSeries", ownLevel(instance), policy);
      if (result.status !== "SeriesMissing") return result;
    }
    const result = await writer.call("storeInstance", instance, policy);
    if (result.status === "Success") {
      recent.add(Series);
      const [oldest] = recent;
      if (recent.size > rememberedSeries && oldest !== undefined) recent.delete(oldest);
    }
    return result;
  };
}
