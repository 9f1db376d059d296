import type { Dataset } from "../dicom/dataset.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import { type OrthancJsonFormat, toOrthancJson } from "../dicom/orthanc-json.ts";
import { tagWithComma, type Tag } from "../dicom/tag.ts";

/** An answer to a query as Orthanc prints it. */
export function answerJson(answer: Dataset, format: OrthancJsonFormat): object {
  return toOrthancJson(answer, format, { maximumLength: 0 });
}

/** The keys of a query in the same forms. */
export function keysJson(keys: Iterable<readonly [Tag, string]>, format: OrthancJsonFormat): object {
  const printed = Array.from(keys, ([tag, text]): [string, unknown] => {
    const name = keywordOf(tag);
    if (format === "simple") return [name, text];
    return [tagWithComma(tag), format === "short" ? text : { Name: name, Type: "String", Value: text }];
  });
  return Object.fromEntries(printed);
}
