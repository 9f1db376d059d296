import type { Archive, IngestResult, InstanceUids, Origin } from "../archive/archive.ts";
import { RefusedInstance } from "../archive/refused-instance.ts";
import { instanceHead } from "../dicom/instance-head.ts";
import type { IncomingRequest } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import { continued } from "../util/gather.ts";

/** What became of a C-STORE request (PS3.4 §B.2). */
export type ReceivedInstance =
  | { readonly status: typeof statuses.success; readonly result: IngestResult }
  /** `why` is for the log. */
  | { readonly status: number; readonly result?: undefined; readonly why: string };

/**
 * Puts the instance of a C-STORE request into the archive while it comes: nothing is held but what the archive holds. Success is
 * told only once it is stored for good. Throws what ends the association.
 */
export async function receiveInstance(
  archive: Pick<Archive, "ingest">,
  request: IncomingRequest,
  origin: Origin,
): Promise<ReceivedInstance> {
  if (request.dataset === undefined) return { status: statuses.unableToProcess, why: "there is no dataset" };
  const { AffectedSOPClassUID, AffectedSOPInstanceUID } = request.command;
  let contradiction: string | undefined;
  const accept = (uids: InstanceUids): boolean => {
    if (uids.SOPClassUID !== AffectedSOPClassUID) contradiction = `SOP class ${uids.SOPClassUID}`;
    else if (uids.SOPInstanceUID !== AffectedSOPInstanceUID) contradiction = `SOP instance ${uids.SOPInstanceUID}`;
    return contradiction === undefined;
  };
  try {
    const result = await archive.ingest(fileOf(request, request.dataset), origin, { accept });
    if (contradiction !== undefined) {
      const why = `the command and the dataset contradict each other, which has ${contradiction}`;
      return { status: statuses.dataSetDoesNotMatchSOPClass, why };
    }
    if (result.status === "StorageFull") return { status: statuses.outOfResources, why: "the storage is full" };
    return { status: statuses.success, result };
  } catch (error) {
    if (error instanceof RefusedInstance) return { status: error.dimseStatus, why: error.message };
    if (!(error instanceof ServerError)) throw error;
    const isFull = error.errorName === "FullStorage";
    return { status: isFull ? statuses.outOfResources : statuses.unableToProcess, why: error.message };
  }
}

/** The file that the request stands for: a header made from the command and the context (PS3.10 §7.1), then the dataset as it comes. */
function fileOf(
  { association, command, context }: IncomingRequest,
  dataset: AsyncIterable<Uint8Array>,
): AsyncIterable<Uint8Array> {
  const { AffectedSOPClassUID = "", AffectedSOPInstanceUID = "" } = command;
  const head = instanceHead({
    SOPClassUID: AffectedSOPClassUID,
    SOPInstanceUID: AffectedSOPInstanceUID,
    transferSyntaxUID: context.transferSyntaxUID,
    sourceAet: sourceOf(association),
  });
  return continued([head], dataset[Symbol.asyncIterator]());
}

/** Who sends: the requestor calls, the acceptor was called. */
function sourceOf({ side, callingAet, calledAet }: IncomingRequest["association"]): string {
  return (side === "acceptor" ? callingAet : calledAet).trim();
}
