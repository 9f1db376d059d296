import type { Catalog } from "../catalog/catalog.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { IncomingRequest, OutgoingResponse } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";
import type { Modalities, NamedModality } from "../remotes/modality.ts";
import type { MoveOriginator, StoreScu } from "../remotes/store-scu.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { readIdentifier } from "./read-identifier.ts";
import { retrievedInstances, type RetrievedInstance } from "./retrieved-instances.ts";
import { Suboperations } from "./suboperations.ts";

/** Instances to be sent to a modality on behalf of another. */
export interface Move {
  readonly destination: NamedModality;
  readonly originator: MoveOriginator;
  /** Public identifiers, in the order of sending. */
  readonly instances: readonly string[];
}

export interface MoveHandlerParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly modalities: Pick<Modalities, "byAet">;
  /** `instances`: public identifiers of what will be sent. */
  readonly openStore: (destination: NamedModality, instances: readonly string[]) => StoreScu;
  /** Sends later, as a job; undefined with `SynchronousCMove`. */
  readonly submit: ((move: Move) => void) | undefined;
  /** Of requests that declare none. */
  readonly charset: () => SpecificCharacterSet;
  readonly log: Log;
}

/** Answers C-MOVE (PS3.4 §C.4.2) by sending to a known modality, at once or by a job. */
export async function* answerMove(
  parts: MoveHandlerParts,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const { MoveDestination = "", MessageID = 0 } = request.command;
  const identifier = await readIdentifier(request, parts.charset());
  const [destination] = parts.modalities.byAet(MoveDestination);
  if (destination === undefined) {
    throw new ServerError("UnknownModality", `no modality "${MoveDestination}" to send to is known`);
  }
  const found = await retrievedInstances(parts.catalog, identifier);
  const publicIds = found.map(({ publicId }) => publicId);
  const originator = { aet: request.association.callingAet.trim(), messageId: MessageID };
  if (parts.submit === undefined) {
    yield* sendNow(parts, request, found, { store: parts.openStore(destination, publicIds), originator });
    return;
  }
  parts.submit({ destination, originator, instances: publicIds });
  const suboperations = new Suboperations(found.length);
  for (const { SOPInstanceUID } of found) {
    suboperations.end(SOPInstanceUID, statuses.success);
    yield { command: suboperations.pending() };
  }
  yield { command: suboperations.done() };
}

interface Sending {
  readonly store: StoreScu;
  readonly originator: MoveOriginator;
}

/** As in Orthanc the first failure ends it. */
async function* sendNow(
  { log }: MoveHandlerParts,
  { signal }: IncomingRequest,
  instances: readonly RetrievedInstance[],
  { store, originator }: Sending,
): AsyncGenerator<OutgoingResponse, void, void> {
  const suboperations = new Suboperations(instances.length);
  try {
    for (const { publicId, SOPInstanceUID } of instances) {
      if (signal.aborted) {
        yield { command: suboperations.cancelled() };
        return;
      }
      const sent = await attempt(store.storeInstance(publicId, originator));
      if (sent instanceof ServerError) {
        log.error(`C-MOVE: instance ${publicId} is not sent, and none after it: ${sent.message}`);
        yield { command: suboperations.abandoned() };
        return;
      }
      suboperations.end(SOPInstanceUID, sent.status);
      yield { command: suboperations.pending() };
    }
    yield { command: suboperations.done() };
  } finally {
    await store.close();
  }
}

/** A `ServerError` as a value. */
async function attempt<Result>(work: Promise<Result>): Promise<Result | ServerError> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ServerError) return error;
    throw error;
  }
}
