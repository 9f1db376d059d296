import type { NewInstance, StorePolicy, StoreResult } from "../catalog.ts";
import { metadataNumbers } from "../sql-catalog/metadata-columns.ts";
import { type RowsResult, type StoreRecord } from "./store-record.ts";

/** Series that were stored to lately, the most recent last. */
const rememberedSeries = 1024;

/** What the rows of the ancestors are made from stays behind; ExpectedNumberOfInstances tells whether the series can be complete. */
function ownLevel(instance: NewInstance, expected: string | undefined): NewInstance {
  const { mainDicomTags, metadata } = instance;
  return {
    ...instance,
    mainDicomTags: { Patient: {}, Study: {}, Series: {}, Instance: mainDicomTags.Instance },
    metadata: {
      Patient: {},
      Study: {},
      Series: expected === undefined ? {} : { [metadataNumbers.ExpectedNumberOfInstances]: expected },
      Instance: metadata.Instance,
    },
  };
}

/** Stores an instance, with its file when that is not in the storage yet (its bytes) or not on the disk (`unflushed`). */
export type Storing = (
  instance: NewInstance,
  policy: StorePolicy,
  file?: readonly Uint8Array[] | "unflushed",
) => Promise<StoreResult>;

/**
 * Storing through a thread. Most instances belong to a series that has just been stored to: then only their own level is sent, a third of
 * the whole, and the rest only when the series has gone meanwhile.
 */
export function createStoring(
  send: (record: StoreRecord, file: readonly Uint8Array[] | "unflushed") => Promise<RowsResult>,
): Storing {
  /** With their ExpectedNumberOfInstances. */
  const recent = new Map<string, string | undefined>();
  return async (instance, policy, file = []) => {
    const { Series } = instance.identifiers;
    if (recent.has(Series)) {
      const result = await send({ inSeries: true, instance: ownLevel(instance, recent.get(Series)), policy }, file);
      if (result.status !== "SeriesMissing") return result;
    }
    const result = await send({ inSeries: false, instance, policy }, file);
    if (result.status === "SeriesMissing") throw new TypeError("the whole instance was told");
    if (result.status === "Success") {
      recent.set(Series, instance.metadata.Series[metadataNumbers.ExpectedNumberOfInstances]);
      const [oldest] = recent.keys();
      if (recent.size > rememberedSeries && oldest !== undefined) recent.delete(oldest);
    }
    return result;
  };
}
