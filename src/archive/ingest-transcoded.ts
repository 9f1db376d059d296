import { DicomReader, type ParsedDicom, type ParseOptions } from "../dicom/parse.ts";
import { ServerError } from "../util/errors.ts";
import { continued } from "../util/gather.ts";
import type { IngestResult } from "./archive.ts";
import type { AttachmentWriter } from "./attachment-writer.ts";
import { readWholeHeader } from "./header-inspection.ts";
import type { IngestTranscoding } from "./ingest-transcoding.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { asBuffer, receive, type Received } from "./received.ts";
import { memorySource, spooledSource, type TranscodingSource } from "./transcoding-source.ts";

export interface TranscodedIngestParts {
  readonly transcoding: IngestTranscoding;
  readonly writer: Pick<AttachmentWriter, "spool">;
  readonly budget: MemoryBudget;
  readonly parsing: ParseOptions;
  /** Asked before an instance with this header is transcoded: what becomes of it when it is not wanted at all. */
  readonly ending: (header: ParsedDicom) => Promise<IngestResult | undefined>;
  readonly store: (received: Received) => Promise<IngestResult>;
  /** As `store`, of an instance that `ending` was asked about. */
  readonly storeWanted: (received: Received) => Promise<IngestResult>;
}

/**
 * Stores an object transcoded, where that is wanted and possible. A large one is kept in the storage meanwhile, since it is read
 * more than once.
 */
export async function ingestTranscoded(parts: TranscodedIngestParts, received: Received): Promise<IngestResult> {
  if (received.kind === "stream") return await ingestLarge(parts, received.stream);
  const { chunks, size } = received;
  const header = readWholeHeader(chunks, parts.parsing);
  if (!parts.transcoding.wants(header)) return await parts.store(received);
  const source = (): TranscodingSource => memorySource(Buffer.concat(chunks, size));
  return await storeTranscoded(parts, { header, source, original: () => received });
}

async function ingestLarge(parts: TranscodedIngestParts, stream: AsyncIterable<Uint8Array>): Promise<IngestResult> {
  const { transferSyntaxUID, whole } = await peek(stream, parts.parsing);
  if (transferSyntaxUID === undefined || !parts.transcoding.concerns(transferSyntaxUID)) {
    return await parts.store({ kind: "stream", stream: whole });
  }
  return await parts.writer.spool(whole, async (spooled) => {
    const original = (): Received => ({ kind: "stream", stream: spooled.read({ start: 0, end: spooled.size }) });
    const source = await spooledSource(spooled, parts.parsing).catch(nothingIfBroken);
    // What is broken is refused by `store`, in its words.
    if (source === undefined || !parts.transcoding.wants(source.header)) return await parts.store(original());
    return await storeTranscoded(parts, { header: source.header, source: () => source, original });
  });
}

function nothingIfBroken(error: unknown): undefined {
  if (error instanceof ServerError && error.errorName === "BadFileFormat") return undefined;
  throw error;
}

/** Reads as far as the transfer syntax, which is undefined when there is none to be found. */
async function peek(
  stream: AsyncIterable<Uint8Array>,
  parsing: ParseOptions,
): Promise<{ readonly transferSyntaxUID: string | undefined; readonly whole: AsyncIterable<Uint8Array> }> {
  const reader = new DicomReader({ ...parsing, stopAtPixelData: true });
  const source = stream[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  try {
    while (reader.transferSyntaxUID === undefined) {
      const next = await source.next();
      if (next.done === true) break;
      chunks.push(next.value);
      reader.push(asBuffer(next.value));
    }
  } catch (error) {
    nothingIfBroken(error);
  }
  return { transferSyntaxUID: reader.transferSyntaxUID, whole: continued(chunks, source) };
}

interface Original {
  readonly header: ParsedDicom;
  readonly source: () => TranscodingSource;
  readonly original: () => Received;
}

/** An instance that cannot be transcoded, even if that shows at its last frame, is stored as it came. */
async function storeTranscoded(
  parts: TranscodedIngestParts,
  { header, source, original }: Original,
): Promise<IngestResult> {
  const ending = await parts.ending(header);
  if (ending !== undefined) return ending;
  const file = await parts.transcoding.transcode(source());
  if (file === undefined) return await parts.storeWanted(original());
  const watched = watch(file.stream);
  try {
    return await receive(watched.stream, parts.budget, parts.storeWanted);
  } catch (error) {
    if (!watched.hasFailed()) throw error;
    parts.transcoding.refused(error);
    return await parts.storeWanted(original());
  }
}

/** Tells whether it was the stream that failed, not who read it. */
function watch(source: AsyncIterable<Uint8Array>): {
  readonly stream: AsyncIterable<Uint8Array>;
  hasFailed(): boolean;
} {
  let failed = false;
  async function* stream(): AsyncGenerator<Uint8Array, void, void> {
    const chunks = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        failed = true;
        const next = await chunks.next();
        failed = false;
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await chunks.return?.();
    }
  }
  return { stream: stream(), hasFailed: () => failed };
}
