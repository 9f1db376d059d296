import type { Reply } from "../http/exchange.ts";
import { negotiate, notAcceptableText } from "../http/accept.ts";
import { multipartReply } from "../http/multipart-writer.ts";
import type { StoredInstance } from "./dicom-store.ts";
import { strings, type JsonDataset } from "./json-dataset.ts";
import { parseSearch, type Search } from "./qido-query.ts";
import { searchAttributes, type SearchLevel } from "./search-attributes.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";
import { nativeDicomModel } from "./xml-dataset.ts";
import { tagHex } from "../../../src/dicom/tag.ts";

const answerTypes = [
  { type: "application/dicom+json" },
  { type: "multipart/related", root: "application/dicom+xml" },
] as const;

const ranks: Readonly<Record<SearchLevel, number>> = { study: 0, series: 1, instance: 2 };

/** Makes the handler of QIDO-RS (PS3.18 §10.6) at one level. */
export function searchAt(level: SearchLevel): (request: StoreRequest) => Reply {
  return (request) => {
    const accept = headerOf(request, "accept");
    const answerType = negotiate(accept, answerTypes);
    if (answerType === undefined) {
      return { status: 406, headers: { "content-type": "text/plain" }, body: notAcceptableText(accept, answerTypes) };
    }
    const search = parseSearch(request.url.searchParams, level, request.settings.current().excessiveLimit);
    const datasets = find(request, search, level);
    if (datasets.length === 0) return { status: 204 };
    if (answerType.type === "multipart/related") return xmlReply(datasets);
    return {
      status: 200,
      headers: { "content-type": "application/dicom+json; charset=utf-8" },
      body: JSON.stringify(datasets),
    };
  };
}

function find(request: StoreRequest, search: Search, level: SearchLevel): JsonDataset[] {
  const { settings, store, selection } = request;
  const known = store.searchable(selection, settings.now(), settings.current().indexLag * 1000);
  const found = new Map<string, StoredInstance>();
  for (const instance of known) {
    const key = resourcePath(instance, level);
    if (!found.has(key) && search.matches(instance.attributes)) found.set(key, instance);
  }
  const page = [...found].slice(search.offset, search.offset + search.limit);
  return page.map(([path, instance]) => answer(instance, search, { level, url: `${request.baseUrl}/${path}` }));
}

function resourcePath(uids: StoredInstance, level: SearchLevel): string {
  const study = `studies/${uids.StudyInstanceUID}`;
  if (level === "study") return study;
  const series = `${study}/series/${uids.SeriesInstanceUID}`;
  return level === "series" ? series : `${series}/instances/${uids.SOPInstanceUID}`;
}

interface Resource {
  readonly level: SearchLevel;
  readonly url: string;
}

function answer(instance: StoredInstance, search: Search, resource: Resource): JsonDataset {
  const chosen = searchAttributes.filter(
    (attribute) =>
      ranks[attribute.level] <= ranks[resource.level] && (attribute.standard || search.includes(attribute)),
  );
  const attributes = chosen.flatMap(({ tag }) => {
    const element = instance.attributes[tagHex(tag)];
    return element === undefined ? [] : [[tagHex(tag), element] as const];
  });
  const derived: JsonDataset = {
    "00080005": strings("CS", "ISO_IR 192"),
    "00080056": strings("CS", "ONLINE"),
    "00081190": strings("UR", resource.url),
  };
  const all = [...attributes, ...Object.entries(derived)];
  return Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function xmlReply(datasets: readonly JsonDataset[]): Reply {
  const type = "application/dicom+xml";
  const parts = datasets.map((dataset) => ({
    type,
    async *read() {
      yield Buffer.from(nativeDicomModel(dataset));
    },
  }));
  return multipartReply(type, parts);
}
