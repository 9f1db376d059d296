import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { IncomingRequest, OutgoingResponse } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";
import { type Caller, callerOf } from "./caller.ts";
import { type QueryFilter, readIdentifier } from "./read-identifier.ts";

/** The worklist items that match (PS3.4 §K.4.1.1.3), each with its own character set; `incomplete` when there would be more. */
export type WorklistSearch = (query: Dataset, caller: Caller) => AsyncIterable<Dataset, "incomplete" | undefined>;

export interface WorklistHandlerParts {
  readonly search: WorklistSearch;
  /** Of requests that declare none. */
  readonly charset: () => SpecificCharacterSet;
  /** Changes queries before they are answered. */
  readonly filterQuery?: QueryFilter | undefined;
}

/** Answers C-FIND in the modality worklist model (PS3.4 §K.4.1). */
export async function* answerWorklist(
  { search, charset, filterQuery }: WorklistHandlerParts,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const { association, context, signal } = request;
  const { transferSyntaxUID } = context;
  const query = await readIdentifier(request, charset(), filterQuery);
  const items = search(query, callerOf(association))[Symbol.asyncIterator]();
  let next = await items.next();
  try {
    for (; !next.done && !signal.aborted; next = await items.next()) {
      yield { command: { Status: statuses.pending }, dataset: writeDataset(next.value, { transferSyntaxUID }) };
    }
  } finally {
    if (!next.done) await items.return?.();
  }
  const isWhole = next.done && next.value !== "incomplete";
  yield { command: { Status: isWhole ? statuses.success : statuses.cancelled } };
}
