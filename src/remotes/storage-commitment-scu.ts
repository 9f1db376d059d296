import { writeDataset } from "../dicom/write.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { type DicomAssociations, withAssociation } from "./dicom-associations.ts";
import { DimseFailure } from "./dicom-failure.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { acceptedContext } from "./query-scu.ts";
import { messageSyntaxes, storageCommitment, storageCommitmentInstance } from "./service-classes.ts";
import { commitmentDataset } from "./storage-commitment-dataset.ts";
import { commitmentEventHandler } from "./storage-commitment-event.ts";
import type { CommitmentInstance, StorageCommitmentReports } from "./storage-commitment-reports.ts";

export interface CommitmentScuParts {
  readonly associations: DicomAssociations;
  readonly reports: StorageCommitmentReports;
}

/** Request Storage Commitment (PS3.4 §J.3.2). */
const requestStorageCommitment = 1;

/**
 * Asks a remote to commit itself to keeping instances (N-ACTION, PS3.4 §J.3.2); what it answers, later, comes into the reports.
 * Throws `NoPresentationContext`, or `NetworkProtocol` as `DimseFailure` when it refuses.
 */
export async function requestCommitment(
  { associations, reports }: CommitmentScuParts,
  remote: DicomRemote,
  transactionUid: string,
  instances: readonly CommitmentInstance[],
): Promise<void> {
  const contexts = [{ abstractSyntax: storageCommitment, transferSyntaxes: messageSyntaxes }];
  const handle = commitmentEventHandler(reports);
  reports.begin(transactionUid, remote.calledAet);
  await withAssociation(associations, { remote, contexts, handle }, async (association) => {
    const context = acceptedContext(association, [storageCommitment]);
    if (context === undefined) {
      throw new ServerError("NoPresentationContext", `"${remote.calledAet}" does not accept storage commitment`);
    }
    const responses = association.request({
      contextId: context.id,
      command: {
        CommandField: commandFields["N-ACTION-RQ"],
        RequestedSOPClassUID: storageCommitment,
        RequestedSOPInstanceUID: storageCommitmentInstance,
        ActionTypeID: requestStorageCommitment,
      },
      dataset: writeDataset(commitmentDataset({ transactionUid, references: instances, failures: [] }), context),
    });
    for await (const { command } of responses) {
      if (command.Status === statuses.success) continue;
      throw new DimseFailure("N-ACTION", remote, command.Status, { comment: command.ErrorComment });
    }
  });
}
