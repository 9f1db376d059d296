import { parseDataset } from "../dicom/parse-dataset.ts";
import type { IncomingRequest, RequestHandler } from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { type Commitment, readCommitment } from "./storage-commitment-dataset.ts";
import type { StorageCommitmentReports } from "./storage-commitment-reports.ts";

/** Bytes that the result of a transaction may have: some 150 per instance. */
const resultLimit = 64 << 20;

/**
 * Takes the results of storage commitment (N-EVENT-REPORT, PS3.4 §J.3.3) from whoever was asked: over a new association, or over
 * the one that the request went by.
 */
export function commitmentEventHandler(reports: Pick<StorageCommitmentReports, "complete">): RequestHandler {
  return async function* (request) {
    const { command, association } = request;
    if (command.CommandField !== commandFields["N-EVENT-REPORT-RQ"]) {
      yield { command: { Status: statuses.unrecognizedOperation } };
      return;
    }
    const { AffectedSOPClassUID = "", AffectedSOPInstanceUID = "", EventTypeID = 0 } = command;
    const remoteAet = (association.side === "acceptor" ? association.callingAet : association.calledAet).trim();
    const { transactionUid, references, failures } = await readResult(request);
    const isKnown = reports.complete(transactionUid, remoteAet, { success: references, failures });
    const Status = isKnown ? statuses.success : statuses.processingFailure;
    yield { command: { Status, AffectedSOPClassUID, AffectedSOPInstanceUID, EventTypeID } };
  };
}

/** Throws `BadRequest` when there is no dataset or it is too long, `BadFileFormat` when it is none. */
async function readResult({ dataset, context }: IncomingRequest): Promise<Commitment> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of dataset ?? []) {
    size += chunk.length;
    if (size > resultLimit) throw new ServerError("BadRequest", `the result has more than ${resultLimit} bytes`);
    chunks.push(chunk);
  }
  return readCommitment(parseDataset(Buffer.concat(chunks), context));
}
