import type { Archive, InstanceHeader } from "../archive/archive.ts";
import { parseTag } from "../dicom/dictionary.ts";
import type { Dataset, Element, Fragment } from "../dicom/dataset.ts";
import { swapWords } from "../dicom/swap-words.ts";
import { tagWithComma } from "../dicom/tag.ts";
import { vrRow } from "../dicom/vr.ts";
import { json, notFound, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { readInstance } from "./tags-routes.ts";

type ReadingArchive = Pick<Archive, "header" | "dataset" | "readValue">;

const pixelData = 0x7fe00010;

/** What a path within a dataset leads to. */
type Place =
  | { readonly kind: "dataset"; readonly dataset: Dataset }
  | { readonly kind: "list"; readonly length: number }
  /** Bytes in memory, or where they are in the file, and the size of the words that they are swapped by. */
  | { readonly kind: "value"; readonly value: Element | Fragment; readonly wordSize: WordSize };

type WordSize = 1 | 2 | 4 | 8;

/** `/instances/{id}/content/…`: walking through the dataset, sequences and fragments down to the bytes of a value. */
export function contentRoutes(parts: { readonly archive: ReadingArchive }): readonly Route[] {
  const handle = (request: HttpRequest) => walk(parts.archive, request);
  const tag = "instances";
  return [
    { method: "GET", path: "/instances/{id}/content", tag, summary: "The tags of the dataset", handle },
    {
      method: "GET",
      path: "/instances/{id}/content/{path...}",
      tag,
      summary: "Tags of an item, numbers of the items of a sequence, or the bytes of a value",
      handle,
    },
  ];
}

async function walk(archive: ReadingArchive, request: HttpRequest): Promise<Reply> {
  const { id = "", path = "" } = request.parameters;
  const segments = path.split("/").filter((segment) => segment !== "");
  const read: InstanceHeader = await readInstance(archive, request, true);
  const place = findPlace(read.dataset, segments);
  if (place === undefined) return notFound();
  if (place.kind === "dataset") return json([...place.dataset].map(({ tag }) => tagWithComma(tag).replace(",", "-")));
  if (place.kind === "list") return json(Array.from({ length: place.length }, (_, index) => String(index)));
  return valueReply(archive, id, place);
}

/** Values are sent in little endian, whatever they are stored in (1 where they are as they are sent). */
function wordSizeOf({ vr }: Element, { littleEndian }: Dataset): WordSize {
  return littleEndian ? 1 : vrRow(vr).size;
}

function findPlace(dataset: Dataset, [name, index, ...rest]: readonly string[]): Place | undefined {
  if (name === undefined) return { kind: "dataset", dataset };
  const tag = parseTag(name);
  const element = tag === undefined ? undefined : dataset.get(tag);
  if (element === undefined) return undefined;
  if (element.items !== undefined) {
    if (index === undefined) return { kind: "list", length: element.items.length };
    const item = element.items[indexOf(index)];
    return item === undefined ? undefined : findPlace(item, rest);
  }
  if (element.tag === pixelData) return rest.length > 0 ? undefined : findBlock(element, index, dataset);
  return index === undefined ? { kind: "value", value: element, wordSize: wordSizeOf(element, dataset) } : undefined;
}

/** Pixel data is a list of its fragments, the offset table first; one block when it is not encapsulated. */
function findBlock(element: Element, index: string | undefined, dataset: Dataset): Place | undefined {
  const blocks: readonly (Element | Fragment)[] = element.fragments ?? [element];
  if (index === undefined) return { kind: "list", length: blocks.length };
  const value = blocks[indexOf(index)];
  const wordSize = element.fragments === undefined ? wordSizeOf(element, dataset) : 1;
  return value === undefined ? undefined : { kind: "value", value, wordSize };
}

function valueReply(
  archive: ReadingArchive,
  instance: string,
  { value: { value, offset, length }, wordSize }: Place & { readonly kind: "value" },
): Reply {
  const type = "application/octet-stream";
  if (value !== undefined && wordSize === 1) return { type, body: value };
  const bytes = archive.readValue(instance, { start: offset, end: offset + length });
  return stream(type, wordSize === 1 ? bytes : swapWords(bytes, wordSize), { length });
}

function indexOf(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : -1;
}
