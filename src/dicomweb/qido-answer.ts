import type { FoundMatch } from "../archive/find.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import { resourceUrl } from "./base-url.ts";
import { elementWriter, textElement } from "./json-element.ts";
import {
  InstanceAvailability,
  type QidoLevel,
  RetrieveURL,
  SeriesInstanceUID,
  SOPInstanceUID,
  SpecificCharacterSet,
  StudyInstanceUID,
} from "./qido-fields.ts";
import type { QidoQuery } from "./qido-parameters.ts";

type Values = FoundMatch["requestedTags"];
/** Undefined: the match does not have the attribute. */
type FieldWriter = (values: Values) => string | undefined;

/**
 * The matches of a search, each as text in the DICOM JSON model: attributes in ascending order (PS3.18 §F.2.2), absent ones left out.
 * @param base the URL below which the resources are
 */
export function writeMatches(query: QidoQuery, matches: readonly FoundMatch[], base: string): readonly string[] {
  const writers = fieldWriters(query, base);
  return matches.map(({ requestedTags }) => {
    const elements: string[] = [];
    for (const write of writers) {
      const element = write(requestedTags);
      if (element !== undefined) elements.push(element);
    }
    return `{${elements.join(",")}}`;
  });
}

function fieldWriters({ level, fields }: QidoQuery, base: string): readonly FieldWriter[] {
  const byTag = new Map<Tag, FieldWriter>(fields.map((tag) => [tag, valueField(tag)]));
  const charset = textElement(SpecificCharacterSet, "CS", "ISO_IR 192");
  const online = textElement(InstanceAvailability, "CS", "ONLINE");
  byTag.set(SpecificCharacterSet, () => charset);
  byTag.set(InstanceAvailability, () => online);
  byTag.set(RetrieveURL, (values) => textElement(RetrieveURL, "UR", retrieveUrl(level, values, base)));
  return [...byTag].toSorted(([left], [right]) => left - right).map(([, writer]) => writer);
}

function valueField(tag: Tag): FieldWriter {
  const hex = tagHex(tag);
  const write = elementWriter(tag, lookupTag(tag)?.vr ?? "UN");
  return (values) => {
    const value = values[hex];
    if (value === undefined) return undefined;
    return typeof value === "string" ? write(value) : sequenceField(hex, value);
  };
}

function sequenceField(hex: string, items: Exclude<Values[string], string>): string {
  return items.length === 0 ? `"${hex}":{"vr":"SQ"}` : `"${hex}":{"vr":"SQ","Value":${JSON.stringify(items)}}`;
}

function retrieveUrl(level: QidoLevel, values: Values, base: string): string {
  const uid = (tag: Tag): string => {
    const value = values[tagHex(tag)];
    return typeof value === "string" ? value : "";
  };
  return resourceUrl(base, {
    StudyInstanceUID: uid(StudyInstanceUID),
    ...(level === "Study" ? {} : { SeriesInstanceUID: uid(SeriesInstanceUID) }),
    ...(level === "Instance" ? { SOPInstanceUID: uid(SOPInstanceUID) } : {}),
  });
}
