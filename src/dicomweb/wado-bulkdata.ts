import type { Archive } from "../archive/archive.ts";
import { findPixelData } from "../archive/pixel-data.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Dataset, Element } from "../dicom/dataset.ts";
import { swapWords } from "../dicom/swap-words.ts";
import { parseTagNumber, type Tag } from "../dicom/tag.ts";
import { vrRow, type VR } from "../dicom/vr.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { findInstance, resourcePath } from "./wado-find.ts";

const PixelData: Tag = 0x7fe00010;
const octets = "application/octet-stream";

export interface WadoBulkdataParts {
  readonly archive: Pick<Archive, "header" | "dataset" | "readValue">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
}

/** The values that metadata give by reference (PS3.18 §10.4.1.1.5). */
export function wadoBulkdataRoutes(parts: WadoBulkdataParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: `${parts.options.root}studies/{study}/series/{series}/instances/{instance}/bulk/{path...}`,
      tag: "DICOMweb",
      summary: "Retrieve a binary value (WADO-RS)",
      handle: async (request) => await retrieveBulkdata(parts, request),
    },
  ];
}

async function retrieveBulkdata({ archive, catalog }: WadoBulkdataParts, request: HttpRequest): Promise<Reply> {
  if (request.headers.range !== undefined) {
    throw new ServerError("BadRequest", "bulk data cannot be retrieved in ranges");
  }
  const path = parseBulkdataPath(request.parameters["path"] ?? "");
  const instance = await findInstance(catalog, resourcePath(request.parameters));
  const blocks =
    path.items.length === 0 && path.tag === PixelData
      ? await pixelBlocks(archive, instance.id)
      : [await elementBlock(archive, instance.id, path)];
  const boundary = newBoundary();
  return stream(
    `multipart/related; type="${octets}"; boundary=${boundary}`,
    writeMultipart(blockParts(blocks), boundary),
  );
}

/** Where an attribute is: `items` lead to the dataset that has it. */
export interface BulkdataPath {
  readonly items: readonly { readonly sequence: Tag; readonly index: number }[];
  readonly tag: Tag;
}

/**
 * Reads `00081140/1/00091010`: tags, and between them the numbers of items from 1.
 * @throws ServerError BadRequest
 */
export function parseBulkdataPath(text: string): BulkdataPath {
  const segments = text.split("/").filter((segment) => segment !== "");
  const tag = parseTagNumber(segments.at(-1) ?? "");
  const items = Array.from({ length: Math.floor(segments.length / 2) }, (_, level) => ({
    sequence: parseTagNumber(segments[level * 2] ?? ""),
    index: Number(segments[level * 2 + 1]),
  })).map(({ sequence, index }) => {
    if (sequence === undefined || !Number.isInteger(index) || index < 1) throw badPath(text);
    return { sequence, index };
  });
  if (tag === undefined || segments.length % 2 === 0) throw badPath(text);
  return { items, tag };
}

function badPath(text: string): ServerError {
  return new ServerError("BadRequest", `bulk data: expected tag[/item/tag]…, found "${text}"`);
}

interface Block {
  readonly length: number;
  readonly read: () => AsyncIterable<Uint8Array> | Uint8Array;
}

function* blockParts(blocks: readonly Block[]): Generator<OutgoingPart, void, void> {
  for (const { length, read } of blocks) {
    const headers = { "Content-Type": octets, "Content-Length": String(length), "MIME-Version": "1.0" };
    yield { headers, body: read() };
  }
}

/** Native pixel data in one part, encapsulated ones a part for each fragment. */
async function pixelBlocks(archive: WadoBulkdataParts["archive"], instance: string): Promise<readonly Block[]> {
  const { dataset, vr, offset, length, fragments } = await findPixelData(archive, instance);
  if (fragments === undefined) return [fileBlock(archive, instance, { dataset, vr, offset, length })];
  return fragments
    .slice(1)
    .map((fragment) =>
      fileBlock(archive, instance, { dataset, vr: "OB", offset: fragment.offset, length: fragment.length }),
    );
}

async function elementBlock(
  archive: WadoBulkdataParts["archive"],
  instance: string,
  path: BulkdataPath,
): Promise<Block> {
  const header = await archive.header(instance);
  const found =
    (header === undefined ? undefined : findElement(header.dataset, path)) ??
    findElement((await archive.dataset(instance))?.dataset, path);
  if (found === undefined || found.element.items !== undefined) {
    throw new ServerError("InexistentItem", "the instance has no such value");
  }
  const { element, dataset } = found;
  const { vr, offset, length, value } = element;
  return value === undefined || !dataset.littleEndian
    ? fileBlock(archive, instance, { dataset, vr, offset, length })
    : { length: value.length, read: () => value };
}

function findElement(
  root: Dataset | undefined,
  { items, tag }: BulkdataPath,
): { readonly element: Element; readonly dataset: Dataset } | undefined {
  let dataset = root;
  for (const { sequence, index } of items) dataset = dataset?.items(sequence)[index - 1];
  const element = dataset?.get(tag);
  return element === undefined || dataset === undefined ? undefined : { element, dataset };
}

interface FileValue {
  readonly dataset: Dataset;
  readonly vr: VR;
  readonly offset: number;
  readonly length: number;
}

/** A value that is read from the file, in little endian. */
function fileBlock(
  archive: WadoBulkdataParts["archive"],
  instance: string,
  { dataset, vr, offset, length }: FileValue,
): Block {
  const { size } = vrRow(vr);
  return {
    length,
    read: () => {
      const bytes = archive.readValue(instance, { start: offset, end: offset + length });
      return dataset.littleEndian || size === 1 ? bytes : swapWords(bytes, size);
    },
  };
}
