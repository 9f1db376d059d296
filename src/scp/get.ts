import type { TranscodedFile } from "../archive/transcode.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import { datasetBytes } from "../dicom/dataset-bytes.ts";
import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import { writeDataset } from "../dicom/write.ts";
import type {
  Association,
  IncomingRequest,
  OutgoingResponse,
  PresentationContext,
  ResponseCommand,
} from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import {
  createOutgoingFiles,
  type OutgoingFile,
  type OutgoingFiles,
  type OutgoingFilesParts,
} from "../remotes/store-scu-files.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { readIdentifier } from "./read-identifier.ts";
import { retrievedInstances } from "./retrieved-instances.ts";
import { Suboperations } from "./suboperations.ts";

export interface GetHandlerParts extends OutgoingFilesParts {
  /** `TranscodeDicomProtocol` */
  readonly transcodes: boolean;
  /** Of requests that declare none. */
  readonly charset: () => SpecificCharacterSet;
  readonly log: Log;
}

const FailedSOPInstanceUIDList = 0x00080058;
const mediumPriority = 0x0000;
const uncompressed = [implicitLittleEndian.uid, explicitLittleEndian.uid, explicitBigEndian.uid];

/** Answers C-GET (PS3.4 §C.4.3): sends what was asked for over the same association. */
export async function* answerGet(
  parts: GetHandlerParts,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const instances = await retrievedInstances(parts.catalog, await readIdentifier(request, parts.charset()));
  const publicIds = instances.map(({ publicId }) => publicId);
  const sending = { ...parts, files: createOutgoingFiles(parts, publicIds), association: request.association };
  const suboperations = new Suboperations(instances.length);
  for (const { publicId, SOPInstanceUID } of instances) {
    if (request.signal.aborted) {
      yield finalResponse(request, suboperations.cancelled(), suboperations.failed);
      return;
    }
    suboperations.end(SOPInstanceUID, await sendInstance(sending, publicId));
    yield { command: suboperations.pending() };
  }
  yield finalResponse(request, suboperations.done(), suboperations.failed);
}

interface Sending extends Pick<GetHandlerParts, "transcodes" | "log"> {
  readonly files: OutgoingFiles;
  readonly association: Association;
}

/** An instance as it will be sent, and where. */
interface Prepared {
  readonly context: PresentationContext;
  readonly SOPInstanceUID: string;
  readonly dataset: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Sends an instance; the status that the other side answered, undefined when it could not be sent. Throws what ends the association. */
async function sendInstance(sending: Sending, publicId: string): Promise<number | undefined> {
  const { files, association, log } = sending;
  try {
    const { context, SOPInstanceUID, dataset } = await prepare(sending, await files.find(publicId));
    files.readNext(publicId);
    const command = {
      CommandField: commandFields["C-STORE-RQ"],
      AffectedSOPClassUID: context.abstractSyntax,
      AffectedSOPInstanceUID: SOPInstanceUID,
      Priority: mediumPriority,
    };
    let status: number | undefined;
    for await (const response of association.request({ contextId: context.id, command, dataset })) {
      status = response.command.Status;
    }
    return status;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    log.warn(`C-GET: instance ${publicId} is not sent: ${error.message}`);
    return undefined;
  }
}

/** As it is stored if the other side takes that, else transcoded. Throws `NoPresentationContext`, and `NotImplemented` as `Transcoding`. */
async function prepare({ association, transcodes }: Sending, file: OutgoingFile): Promise<Prepared> {
  const contexts = association.contexts.filter(
    (context) => context.requestorIsSCP && context.abstractSyntax === file.SOPClassUID,
  );
  const contextOf = (wanted: string): PresentationContext | undefined =>
    contexts.find(({ transferSyntaxUID }) => transferSyntaxUID === wanted);
  const exact = contextOf(file.transferSyntaxUID);
  if (exact !== undefined) {
    return { context: exact, SOPInstanceUID: file.SOPInstanceUID, dataset: await file.dataset() };
  }
  const accepted = contexts.map(({ transferSyntaxUID }) => transferSyntaxUID);
  const transcoded = transcodes ? await transcode(file, accepted) : undefined;
  const context = contextOf(transcoded?.transferSyntaxUID ?? "");
  if (transcoded === undefined || context === undefined) {
    const details = `no presentation context was negotiated for ${file.SOPClassUID} in ${file.transferSyntaxUID}`;
    throw new ServerError("NoPresentationContext", details);
  }
  return { context, SOPInstanceUID: transcoded.SOPInstanceUID, dataset: datasetBytes(transcoded.stream) };
}

/** Uncompressed if the other side takes that, else whatever it takes. */
async function transcode(file: OutgoingFile, accepted: readonly string[]): Promise<TranscodedFile | undefined> {
  const transferSyntaxes = [...new Set([...uncompressed, ...accepted])].filter((uid) => accepted.includes(uid));
  return transferSyntaxes.length === 0 ? undefined : file.transcoded({ transferSyntaxes, allowNewUid: true });
}

/** The final response has the list of failures in its dataset (PS3.4 §C.4.3.1.3.2). */
function finalResponse(
  { context: { transferSyntaxUID } }: IncomingRequest,
  command: ResponseCommand,
  failed: readonly string[],
): OutgoingResponse {
  if (failed.length === 0) return { command };
  const list = buildDataset([{ tag: FailedSOPInstanceUIDList, value: failed }]);
  return { command, dataset: writeDataset(list, { transferSyntaxUID }) };
}
