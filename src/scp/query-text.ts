import { keywordOf } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import type { FindQuery } from "./find-query.ts";

/** What a query asks for, in a line for the log, without the values that must not stand there. */
export function queryText({ level, conditions }: FindQuery, isHiddenInLogs: (tag: Tag) => boolean): string {
  const shown = conditions.map(({ tag, value }) => {
    const name = keywordOf(tag);
    return isHiddenInLogs(tag) ? `${name} (hidden)` : `${name} ${JSON.stringify(value)}`;
  });
  return `level ${level}, ${shown.length === 0 ? "no conditions" : shown.join(", ")}`;
}
