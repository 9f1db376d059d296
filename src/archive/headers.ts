import type { Attachment, Catalog } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { Inflater } from "../dicom/inflater.ts";
import { DicomReader, type ParsedDicom, type ParseOptions } from "../dicom/parse.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import type { BlobStorage, ByteRange } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { Metrics } from "../util/metrics.ts";
import { sliceStream } from "./byte-slice.ts";
import { createHeaderCache, type HeaderCache } from "./header-cache.ts";
import { dicomAttachment, metadataNumbers } from "./metadata-numbers.ts";
import { readUncompressed } from "./read.ts";
import { asBuffer } from "./received.ts";

export interface HeadersParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly storage: Pick<BlobStorage, "read">;
  readonly parsing: ParseOptions;
  /** Bytes of memory for headers that are kept. */
  readonly cacheSize: number;
  /** Told of the use of the cache; nobody when absent. */
  readonly metrics?: Pick<Metrics, "add" | "gauge"> | undefined;
}

/** Reads the datasets of stored instances. */
export interface Headers {
  /** As `Archive.header`. */
  header(instance: string): Promise<ParsedDicom | undefined>;
  /** As `Archive.headerOnce`. */
  headerOnce(instance: string): Promise<ParsedDicom | undefined>;
  /** The header read anew: neither the cache nor what the catalog knows of the file is trusted. */
  fresh(instance: string): Promise<ParsedDicom | undefined>;
  /** As `Archive.dataset`. */
  dataset(instance: string): Promise<ParsedDicom | undefined>;
  /** As `Archive.readValue`. */
  readValue(instance: string, range: ByteRange): AsyncIterable<Uint8Array>;
  forget(instance: string): void;
}

/** Tag, VR and length of an element (PS3.5 §7.1.2): with them the reader knows that it has come to the pixel data. */
const elementHeaderLength = 12;
/** Values above this stay in the file when the whole dataset is read: there may be thousands of fragments. */
const datasetValueLength = 64 << 10;
const datasetKeptLength = 16 << 20;
const megabyte = 1024 * 1024;
/** Bytes that are inflated in one go: at a ratio of 1000 they become 4 MiB. */
const inflatedAtOnce = 4096;

export function createHeaders(parts: HeadersParts): Headers {
  const cache = createHeaderCache<KnownFile>(parts.cacheSize);
  parts.metrics?.gauge("orthanc_storage_cache_count", () => cache.count);
  parts.metrics?.gauge("orthanc_storage_cache_size_mb", () => cache.size / megabyte);
  return {
    header: async (instance) => (await knownFile(parts, cache, instance))?.header,
    headerOnce: async (instance) => cache.get(instance)?.header ?? (await readKnown(parts, instance))?.header,
    async fresh(instance) {
      cache.forget(instance);
      const file = await findFile(parts.catalog, instance);
      if (file === undefined) return undefined;
      const reader = new DicomReader({ ...parts.parsing, stopAtPixelData: true });
      return (await readWith(reader, readUncompressed(parts.storage, file.attachment))).parsed;
    },
    async dataset(instance) {
      const file = await findFile(parts.catalog, instance);
      if (file === undefined) return undefined;
      return await readDataset(readUncompressed(parts.storage, file.attachment), parts.parsing);
    },
    readValue: (instance, range) => readValue(parts, cache, instance, range),
    forget: (instance) => cache.forget(instance),
  };
}

/** Reads a whole dataset, big values left in the file. Throws `BadFileFormat`. */
export async function readDataset(file: AsyncIterable<Uint8Array>, parsing: ParseOptions): Promise<ParsedDicom> {
  const limits = { ...parsing.limits, keptLength: datasetKeptLength };
  const reader = new DicomReader({ ...parsing, maximumValueLength: datasetValueLength, limits });
  return (await readWith(reader, file)).parsed;
}

/** A file whose header is in the cache: where it is need not be asked again to read from it. */
interface KnownFile {
  readonly header: ParsedDicom;
  readonly attachment: Attachment;
}

interface StoredFile {
  readonly attachment: Attachment;
  /** As it was found when the instance came. */
  readonly pixelDataOffset: number | undefined;
}

async function findFile(catalog: Pick<Catalog, "find">, instance: string): Promise<StoredFile | undefined> {
  const include = { attachments: true, metadata: true };
  const [found] = await catalog.find({ level: "Instance", publicIds: [instance], include });
  const attachment = found?.attachments?.find(({ type }) => type === dicomAttachment);
  if (attachment === undefined) return undefined;
  const offset = Number(found?.metadata?.[metadataNumbers.PixelDataOffset] ?? Number.NaN);
  return { attachment, pixelDataOffset: Number.isSafeInteger(offset) ? offset : undefined };
}

async function knownFile(
  parts: HeadersParts,
  cache: HeaderCache<KnownFile>,
  instance: string,
): Promise<KnownFile | undefined> {
  const known = cache.get(instance);
  parts.metrics?.add(`orthanc_storage_cache_${known === undefined ? "miss" : "hit"}_count`, 1);
  if (known !== undefined) return known;
  const mark = cache.mark();
  const found = await readKnown(parts, instance);
  if (found !== undefined) cache.set(instance, found, sizeInMemory(found), mark);
  return found;
}

interface ReadFile extends KnownFile {
  /** Bytes that were read. */
  readonly size: number;
}

async function readKnown(parts: HeadersParts, instance: string): Promise<ReadFile | undefined> {
  const file = await findFile(parts.catalog, instance);
  if (file === undefined) return undefined;
  const { attachment, pixelDataOffset } = file;
  const reader = new DicomReader({ ...parts.parsing, stopAtPixelData: true });
  const head =
    pixelDataOffset === undefined
      ? undefined
      : { start: 0, end: Math.min(pixelDataOffset + elementHeaderLength, attachment.uncompressedSize) };
  const { parsed, size } = await readWith(reader, readUncompressed(parts.storage, attachment, head));
  return { header: parsed, attachment, size };
}

/** What an element of a dataset takes in memory once it was looked at, in bytes, as measured. */
const elementOverhead = 400;

function sizeInMemory({ header, size }: ReadFile): number {
  return size + elementOverhead * (countElements(header.meta) + countElements(header.dataset));
}

function countElements(dataset: Dataset): number {
  let count = dataset.size;
  for (const { items = [] } of dataset) for (const item of items) count += countElements(item);
  return count;
}

async function readWith(
  reader: DicomReader,
  stream: AsyncIterable<Uint8Array>,
): Promise<{ readonly parsed: ParsedDicom; readonly size: number }> {
  let size = 0;
  for await (const chunk of stream) {
    reader.push(asBuffer(chunk));
    size += chunk.length;
    if (reader.headerComplete) break;
  }
  return { parsed: reader.end(), size };
}

async function* readValue(
  parts: HeadersParts,
  cache: HeaderCache<KnownFile>,
  instance: string,
  range: ByteRange,
): AsyncGenerator<Uint8Array, void, void> {
  const file = await knownFile(parts, cache, instance);
  if (file === undefined) throw new ServerError("UnknownResource", `there is no instance ${instance}`);
  const { header, attachment } = file;
  if (transferSyntax(header.transferSyntaxUID)?.deflated !== true) {
    yield* readUncompressed(parts.storage, attachment, range);
    return;
  }
  const rest = { start: header.datasetOffset, end: attachment.uncompressedSize };
  yield* sliceStream(inflated(readUncompressed(parts.storage, attachment, rest)), range);
}

/** The dataset of a deflated file (PS3.5 §A.5), inflated as the parser does it. */
export async function* inflated(data: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  let ready: Buffer[] = [];
  const inflater = new Inflater(Infinity, (chunk) => ready.push(chunk));
  for await (const chunk of data) {
    for (let at = 0; at < chunk.length; at += inflatedAtOnce) {
      inflater.push(asBuffer(chunk.subarray(at, at + inflatedAtOnce)));
      yield* ready;
      ready = [];
    }
  }
  inflater.end();
  yield* ready;
}
