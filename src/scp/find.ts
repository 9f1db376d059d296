import { findBatches } from "../archive/find-batches.ts";
import type { FindParts, FoundMatch } from "../archive/find.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import type { IncomingRequest, OutgoingResponse } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { AnswerWriter } from "./answer-writer.ts";
import { callerOf } from "./caller.ts";
import { readFindQuery, type FindQuery, type FindQueryOptions } from "./find-query.ts";
import { levelNames, QueryRetrieveLevel } from "./query-retrieve-level.ts";
import { queryText } from "./query-text.ts";
import { type QueryFilter, readIdentifier } from "./read-identifier.ts";

export interface FindHandlerParts extends FindQueryOptions {
  readonly find: FindParts;
  /** `DicomAet` */
  readonly title: string;
  /** `DefaultEncoding` at the moment: of requests that declare none, and of all answers. */
  readonly charset: () => SpecificCharacterSet;
  /** Changes identifiers before they are answered. */
  readonly filterQuery?: QueryFilter | undefined;
  /** Whether the values of an attribute must not stand in logs (`DeidentifyLogs`). */
  readonly isHiddenInLogs: (tag: Tag) => boolean;
  readonly log: Log;
}

const SpecificCharacterSetTag = 0x00080005;
const RetrieveAETitle = 0x00080054;

/** Answers C-FIND in the patient root and study root models (PS3.4 §C.4.1): answers are sent while others are still looked for. */
export async function* answerFind(
  parts: FindHandlerParts,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const { signal, context } = request;
  const query = readFindQuery(await readIdentifier(request, parts.charset(), parts.filterQuery), parts);
  const { callingAet } = callerOf(request.association);
  parts.log.info(`C-FIND of "${callingAet}": ${queryText(query, parts.isHiddenInLogs)}`);
  warnOfSequences(parts.log, query);
  const writer = answerWriter(parts, query, context.transferSyntaxUID);
  const pending = { Status: statuses.pending };
  const limit = limitOf(parts.find, query);
  let count = 0;
  let isWhole = true;
  let failure: ServerError | undefined;
  function* answers(batch: readonly FoundMatch[]): Generator<Buffer, void, void> {
    try {
      for (const match of batch) {
        isWhole = !signal.aborted && (limit === 0 || count < limit);
        if (!isWhole) return;
        count += 1;
        yield writer.write(match);
      }
    } catch (error) {
      // To be thrown by the handler, whose failures are answered with their reason.
      if (!(error instanceof ServerError)) throw error;
      failure = error;
    }
  }
  for await (const batch of matchesOf(parts.find, query, limit)) {
    yield { command: pending, datasets: answers(batch) };
    if (failure !== undefined) throw failure;
    if (!isWhole) break;
  }
  yield { command: { Status: isWhole ? statuses.success : statuses.cancelled } };
}

function warnOfSequences(log: Log, { unmatchedSequences }: FindQuery): void {
  if (unmatchedSequences.length === 0) return;
  const names = unmatchedSequences.map((tag) => keywordOf(tag)).join(", ");
  log.warn(`C-FIND: what is asked for within ${names} is not matched`);
}

function answerWriter(parts: FindHandlerParts, query: FindQuery, transferSyntaxUID: string): AnswerWriter {
  const charset = parts.charset();
  const constants = new Map([
    [SpecificCharacterSetTag, charset.value],
    [QueryRetrieveLevel, levelNames[query.level]],
    [RetrieveAETitle, parts.title],
  ]);
  return new AnswerWriter({ attributes: query.returned, constants, charset, transferSyntaxUID });
}

/** `LimitFindInstances` or `LimitFindResults`; 0: none. */
function limitOf({ options }: FindParts, { level }: FindQuery): number {
  return level === "Instance" ? options.limitFindInstances : options.limitFindResults;
}

/** One more than may be answered is looked for, to know whether there are more. */
function matchesOf(find: FindParts, { level, conditions, returned }: FindQuery, limit: number) {
  const options = { ...find.options, limitFindResults: 0, limitFindInstances: 0 };
  return findBatches(
    { ...find, options },
    {
      level,
      attributes: conditions,
      caseSensitive: true,
      include: {},
      requestedTags: returned.map(({ tag }) => tag),
      limit: limit === 0 ? 0 : limit + 1,
    },
  );
}
