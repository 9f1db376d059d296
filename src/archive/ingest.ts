import type { Catalog, NewAttachment, StorePolicy, StoreResult } from "../catalog/catalog.ts";
import type { ParsedDicom, ParseOptions } from "../dicom/parse.ts";
import type { IngestOptions, IngestResult, InstanceUids, Origin } from "./archive.ts";
import type { AttachmentWriter } from "./attachment-writer.ts";
import type { Indexing } from "./blobs-under-way.ts";
import type { Clock } from "./clock.ts";
import { inspectHeader, readWholeHeader } from "./header-inspection.ts";
import { identify } from "./identify.ts";
import { ingestTranscoded } from "./ingest-transcoded.ts";
import type { IngestTranscoding } from "./ingest-transcoding.ts";
import type { Candidate } from "./instance-metadata.ts";
import { instanceRecord } from "./instance-record.ts";
import type { InstanceFile, JointStore } from "./joint-store.ts";
import type { MainTagsByLevel } from "./main-tags.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { dicomAttachment } from "./metadata-numbers.ts";
import { receive, type Received } from "./received.ts";
import { utcDate } from "../util/utc-date.ts";

/** Asked before an instance is stored; false leaves it out (`FilteredOut`). */
export type IngestFilter = (instance: {
  readonly header: ParsedDicom;
  readonly uids: InstanceUids;
  readonly origin: Origin;
}) => boolean | Promise<boolean>;

export interface IngestParts {
  readonly catalog: Pick<Catalog, "levelOf">;
  readonly store: JointStore["store"];
  readonly writer: AttachmentWriter;
  readonly budget: MemoryBudget;
  readonly filters: readonly IngestFilter[];
  readonly mainTags: MainTagsByLevel;
  readonly parsing: ParseOptions;
  readonly policy: StorePolicy;
  /** `StoreDicom` */
  readonly storeDicom: boolean;
  /** `IngestTranscoding`; undefined: instances are stored as they come. */
  readonly transcoding: IngestTranscoding | undefined;
  readonly clock: Clock;
  /** Told after the commit, before the caller. */
  readonly stored: (candidate: Candidate, result: Extract<StoreResult, { status: "Success" }>) => void;
}

type Ending = Exclude<IngestResult["status"], "Success">;

/**
 * Larger objects, in bytes, are worth a question to the catalog before they are written in vain. For others the question, a trip to
 * another thread, would cost every new instance more than it spares the few that come again.
 */
const cheapSize = 1 << 20;

/**
 * The one door by which instances come in. The order is that of a crash without loss: header, decision, blob, row, events; a
 * blob without a row is removed.
 */
export async function ingest(
  parts: IngestParts,
  data: Uint8Array | AsyncIterable<Uint8Array>,
  origin: Origin,
  options: IngestOptions,
): Promise<IngestResult> {
  const { transcoding, budget, writer, parsing } = parts;
  const store = (received: Received): Promise<IngestResult> => ingestReceived(parts, received, origin, options);
  if (transcoding === undefined || options.keepTransferSyntax === true) return receive(data, budget, store);
  const { accept: _, ...asked } = options;
  const storeWanted = (received: Received): Promise<IngestResult> => ingestReceived(parts, received, origin, asked);
  const ending = (header: ParsedDicom): Promise<IngestResult | undefined> =>
    endingBefore(parts, candidateOf(header, origin, options), options);
  return receive(data, budget, (received) =>
    ingestTranscoded({ transcoding, writer, budget, parsing, ending, store, storeWanted }, received),
  );
}

async function ingestReceived(
  parts: IngestParts,
  received: Received,
  origin: Origin,
  options: IngestOptions,
): Promise<IngestResult> {
  return received.kind === "whole"
    ? ingestWhole(parts, received, origin, options)
    : ingestStream(parts, received, origin, options);
}

/** What becomes of an instance that need not be transcoded because it will not be stored. */
async function endingBefore(
  { catalog, policy, transcoding }: IngestParts,
  candidate: Candidate,
  { accept }: IngestOptions,
): Promise<IngestResult | undefined> {
  if (accept !== undefined && !accept(candidate.uids)) return ended(candidate, "FilteredOut");
  const keepsIdentity = transcoding?.isLossy === false;
  const isKnown =
    policy.overwrite === "Never" &&
    keepsIdentity &&
    (await catalog.levelOf(candidate.identifiers.Instance)) !== undefined;
  return isKnown ? ended(candidate, "AlreadyStored") : undefined;
}

async function ingestWhole(
  parts: IngestParts,
  whole: Extract<Received, { kind: "whole" }>,
  origin: Origin,
  options: IngestOptions,
): Promise<IngestResult> {
  const candidate = candidateOf(readWholeHeader(whole.chunks, parts.parsing), origin, options);
  const ending = await admit(parts, candidate, options, whole.size);
  if (ending !== undefined) return ended(candidate, ending);
  if (!parts.storeDicom) return index(parts, candidate);
  return parts.writer.commitWhole(dicomAttachment, whole, indexing(parts, candidate));
}

async function ingestStream(
  parts: IngestParts,
  { stream }: Extract<Received, { kind: "stream" }>,
  origin: Origin,
  options: IngestOptions,
): Promise<IngestResult> {
  let candidate: Candidate | undefined;
  let ending: Ending | undefined;
  const inspected = inspectHeader(stream, parts.parsing, async (header) => {
    candidate = candidateOf(header, origin, options);
    ending = await admit(parts, candidate, options, Infinity);
    // Only an error makes the storage give up what it has written so far.
    if (ending !== undefined) throw new Error(`the instance is not wanted: ${ending}`);
  });
  let file: NewAttachment | undefined;
  try {
    if (parts.storeDicom) file = await parts.writer.stream(dicomAttachment, inspected);
    else await drain(inspected);
  } catch (error) {
    if (candidate !== undefined && ending !== undefined) return ended(candidate, ending);
    throw error;
  }
  if (candidate === undefined) throw new RangeError("the stream ended without a decision");
  return file === undefined ? index(parts, candidate) : parts.writer.commit(file, indexing(parts, candidate));
}

function candidateOf(header: ParsedDicom, origin: Origin, { metadata }: IngestOptions): Candidate {
  return { header, origin, metadata, ...identify(header) };
}

/** Decides on an instance whose header is read; undefined lets it in. */
async function admit(
  parts: IngestParts,
  candidate: Candidate,
  options: IngestOptions,
  size: number,
): Promise<Ending | undefined> {
  if (options.accept !== undefined && !options.accept(candidate.uids)) return "FilteredOut";
  const { catalog, filters, policy } = parts;
  const asksFirst = policy.overwrite === "Never" && (size > cheapSize || filters.length > 0);
  if (asksFirst && (await catalog.levelOf(candidate.identifiers.Instance)) !== undefined) return "AlreadyStored";
  for (const filter of filters) if (!(await filter(candidate))) return "FilteredOut";
  return undefined;
}

function indexing(parts: IngestParts, candidate: Candidate): Indexing<IngestResult> {
  return {
    index: (attachment, file) => index(parts, candidate, attachment, file),
    isKept: ({ status }) => status === "Success",
  };
}

async function index(
  parts: IngestParts,
  candidate: Candidate,
  attachment?: NewAttachment,
  file: InstanceFile = [],
): Promise<IngestResult> {
  const receivedAt = utcDate(parts.clock.now());
  const attachments = attachment === undefined ? [] : [attachment];
  const record = instanceRecord(candidate, parts.mainTags, receivedAt, attachments);
  const result = await parts.store(record, parts.policy, file);
  if (result.status !== "Success") return ended(candidate, result.status);
  parts.stored(candidate, result);
  return ended(candidate, "Success");
}

function ended({ identifiers, uids }: Candidate, status: IngestResult["status"]): IngestResult {
  return { status, identifiers, uids };
}

async function drain(data: AsyncIterable<unknown>): Promise<void> {
  const source = data[Symbol.asyncIterator]();
  while (!(await source.next()).done);
}
