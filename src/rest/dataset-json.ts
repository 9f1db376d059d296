import type { InstanceHeader } from "../archive/archive.ts";
import { parseTag } from "../dicom/dictionary.ts";
import { Dataset } from "../dicom/dataset.ts";
import { toOrthancJson } from "../dicom/orthanc-json.ts";
import { elementOf, isPrivate, type Tag } from "../dicom/tag.ts";
import { lastValue } from "../http/query.ts";
import { ServerError } from "../util/errors.ts";
import type { TagFormat } from "./tag-json.ts";

type Json = Record<string, unknown>;

const pixelDataByFormat: Readonly<Record<TagFormat, Json>> = {
  full: { "7fe0,0010": { Name: "PixelData", Type: "Null", Value: null } },
  short: { "7fe0,0010": null },
  simple: { PixelData: null },
};

/** `ignore-length`: tags, joined by commas, whose values are given in full. Throws UnknownDicomTag for what is no tag. */
export function ignoredLengths(query: URLSearchParams): readonly Tag[] {
  // A comma also stands within `gggg,eeee`: hexadecimal halves belong together.
  const names = (lastValue(query, "ignore-length") ?? "").match(/[0-9a-fA-F]{4},[0-9a-fA-F]{4}|[^,\s]+/g) ?? [];
  return names.map((name) => {
    const tag = parseTag(name);
    if (tag === undefined) throw new ServerError("UnknownDicomTag", `"${name}" in "ignore-length" is no DICOM tag`);
    return tag;
  });
}

/** The dataset of an instance as Orthanc prints it. Pixel data that was not read is there as null. */
export function datasetJson(
  { dataset, pixelDataVR }: Pick<InstanceHeader, "dataset" | "pixelDataVR">,
  format: TagFormat,
  whole: readonly Tag[] = [],
): Json {
  return {
    ...toOrthancJson(dataset, format),
    ...(pixelDataVR === undefined ? {} : pixelDataByFormat[format]),
    ...(whole.length === 0 ? {} : unlimitedJson(dataset, format, new Set(whole))),
  };
}

/** The elements of `tags` in full, and the private creators without which their names are unknown. */
function unlimitedJson(dataset: Dataset, format: TagFormat, tags: ReadonlySet<Tag>): Json {
  const creators = [...dataset].map(({ tag }) => tag).filter(isPrivateCreator);
  return toOrthancJson(onlyTags(dataset, new Set([...tags, ...creators])), format, { maximumLength: 0 });
}

/** PS3.5 §7.8.1 */
function isPrivateCreator(tag: Tag): boolean {
  return isPrivate(tag) && elementOf(tag) >= 0x10 && elementOf(tag) <= 0xff;
}

/** The elements of `dataset` whose tags are in `tags`. */
export function onlyTags(dataset: Dataset, tags: ReadonlySet<Tag>): Dataset {
  const elements = [...dataset].filter(({ tag }) => tags.has(tag));
  return new Dataset(elements, dataset.littleEndian, dataset);
}
