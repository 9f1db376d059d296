import type { TagValues } from "../catalog/catalog.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import type { OrthancJsonFormat } from "../dicom/orthanc-json.ts";
import { tagWithComma } from "../dicom/tag.ts";

/** How DICOM tags are printed: by name, by `gggg,eeee`, or by `gggg,eeee` with name and type. */
export type TagFormat = OrthancJsonFormat;

/** The spellings of one tag. */
interface TagSpelling {
  /** `PatientName` */
  readonly name: string;
  /** `0010,0010` */
  readonly comma: string;
}

/** Prints the main DICOM tags of resources. */
export type TagPrinter = (values: TagValues, format: TagFormat) => Record<string, unknown>;

/**
 * A printer that spells each tag once and then remembers: a page of resources repeats the same few dozen tags.
 * Only main DICOM tags go through it, so what it remembers is as bounded as their list.
 */
export function createTagPrinter(): TagPrinter {
  const spellings = new Map<string, TagSpelling>();
  const spellingOf = (hex: string): TagSpelling => {
    let spelling = spellings.get(hex);
    if (spelling === undefined) {
      const tag = Number.parseInt(hex, 16);
      spelling = { name: keywordOf(tag), comma: tagWithComma(tag) };
      spellings.set(hex, spelling);
    }
    return spelling;
  };
  return (values, format) => {
    const printed: Record<string, unknown> = {};
    for (const hex in values) {
      const value = values[hex];
      const { name, comma } = spellingOf(hex);
      if (format === "simple") printed[name] = value;
      else printed[comma] = format === "short" ? value : { Name: name, Type: "String", Value: value };
    }
    return printed;
  };
}
