import { metadataNumbers } from "../archive/metadata-numbers.ts";
import type { FoundResource } from "../catalog/catalog.ts";

/** The place of an instance in its series (metadata IndexInSeries); 0 when it has none. */
export function indexInSeries({ metadata }: FoundResource): number {
  const index = Number(metadata?.[metadataNumbers.IndexInSeries] ?? "0");
  return Number.isNaN(index) ? 0 : index;
}
