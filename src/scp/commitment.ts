import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { IncomingRequest, OutgoingResponse } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";
import type { Log } from "../util/log.ts";
import { callerOf } from "./caller.ts";
import { readCommitment } from "../remotes/storage-commitment-dataset.ts";
import type { CommitmentState } from "./commitment-job.ts";
import { readIdentifier } from "./read-identifier.ts";

export interface CommitmentParts {
  /** Starts the job that reports. */
  readonly submitCommitment: (state: CommitmentState) => void;
  readonly charset: () => SpecificCharacterSet;
  readonly log: Log;
}

const requestStorageCommitment = 1;

/** Answers N-ACTION of storage commitment (PS3.4 §J.3.2): the report follows later, over another association. */
export async function* answerAction(
  { submitCommitment, charset, log }: CommitmentParts,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const { ActionTypeID } = request.command;
  if (ActionTypeID !== requestStorageCommitment) {
    yield { command: { Status: statuses.noSuchActionType } };
    return;
  }
  const { remoteIp, callingAet, calledAet } = callerOf(request.association);
  const { transactionUid, references } = readCommitment(await readIdentifier(request, charset()));
  log.info(`storage commitment of ${references.length} instances is asked for by ${callingAet}`, { transactionUid });
  submitCommitment({ transactionUid, references, remoteAet: callingAet, remoteIp, calledAet });
  yield { command: { Status: statuses.success, ActionTypeID } };
}
