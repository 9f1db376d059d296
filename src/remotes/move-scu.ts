import type { Level } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import type { Association, IncomingResponse, PresentationContext } from "../dimse/association.ts";
import { type CommandSet, commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { type DicomAssociations, withAssociation } from "./dicom-associations.ts";
import { DimseFailure } from "./dicom-failure.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { acceptedContext } from "./query-scu.ts";
import { controlContexts, informationModels } from "./service-classes.ts";

/** Something to be retrieved from a remote. */
export interface RetrieveRequest {
  readonly remote: DicomRemote;
  readonly level: Level;
  readonly identifier: Dataset;
  /** Sends a C-CANCEL. */
  readonly signal: AbortSignal;
  /** Told how much of the sub-operations is done, 0 … 1, when the remote tells it. */
  readonly onProgress: (fraction: number) => void;
}

/**
 * Lets a remote send what the identifier says to `targetAet` (C-MOVE, PS3.4 §C.4.2). Throws `DicomMoveUnavailable`, or
 * `NetworkProtocol` as `DimseFailure` when anything could not be sent.
 */
export async function move(
  associations: DicomAssociations,
  request: RetrieveRequest,
  targetAet: string,
): Promise<void> {
  const { remote, level, signal } = request;
  await withAssociation(associations, { remote, contexts: controlContexts, signal }, async (association) => {
    const context = acceptedContext(
      association,
      informationModels(level).map((model) => model.move),
    );
    if (context === undefined) {
      throw new ServerError("DicomMoveUnavailable", `"${remote.calledAet}" accepts no C-MOVE of this kind`);
    }
    const command = { CommandField: commandFields["C-MOVE-RQ"], MoveDestination: targetAet };
    await requestRetrieval(association, context, command, request);
  });
}

/** Sends a C-MOVE or C-GET and reads its responses to the end. Throws `DimseFailure` unless all sub-operations succeeded. */
export async function requestRetrieval(
  association: Association,
  context: PresentationContext,
  command: Pick<CommandSet, "CommandField" | "MoveDestination">,
  { remote, identifier, signal, onProgress }: RetrieveRequest,
): Promise<void> {
  const { transferSyntaxUID } = context;
  const responses = association.request({
    contextId: context.id,
    command: { ...command, AffectedSOPClassUID: context.abstractSyntax, Priority: 0 },
    dataset: writeDataset(identifier, { transferSyntaxUID }),
    cancel: signal,
  });
  let last: IncomingResponse["command"] | undefined;
  for await (const response of responses) {
    last = response.command;
    const fraction = fractionDone(last);
    if (fraction !== undefined) onProgress(fraction);
  }
  if (last?.Status === statuses.success) return;
  const operation = command.CommandField === commandFields["C-MOVE-RQ"] ? "C-MOVE" : "C-GET";
  throw new DimseFailure(operation, remote, last?.Status ?? statuses.unableToProcess, { comment: commentOn(last) });
}

function fractionDone(command: CommandSet): number | undefined {
  const { NumberOfRemainingSuboperations: remaining } = command;
  const done =
    (command.NumberOfCompletedSuboperations ?? 0) +
    (command.NumberOfFailedSuboperations ?? 0) +
    (command.NumberOfWarningSuboperations ?? 0);
  return remaining === undefined || done + remaining === 0 ? undefined : done / (done + remaining);
}

function commentOn(command: CommandSet | undefined): string {
  const { ErrorComment = "", NumberOfFailedSuboperations: failed = 0 } = command ?? {};
  const counted = failed === 0 ? [] : [`${failed} sub-operations failed`];
  return [...(ErrorComment === "" ? [] : [ErrorComment]), ...counted].join(", ");
}
