import type { Spooled } from "../archive/archive.ts";
import type { TranscodedFile } from "../archive/transcode.ts";
import { datasetBytes } from "../dicom/dataset-bytes.ts";
import type { Association } from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses, statusText } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { type DicomAssociations, isGivenUp, type LentAssociation } from "./dicom-associations.ts";
import { associationFailure, DimseFailure } from "./dicom-failure.ts";
import type { MoveOriginator, OpenStoreScu, StoreOutcome, StorePlan, StoreScu, StoreTarget } from "./store-scu.ts";
import {
  exactContext,
  type InstanceKind,
  type NegotiationOptions,
  storeContexts,
  transcodingTargets,
} from "./store-scu-contexts.ts";
import {
  createOutgoingFiles,
  type OutgoingFile,
  type OutgoingFiles,
  type OutgoingFilesParts,
  outgoingSpooled,
} from "./store-scu-files.ts";

export interface StoreScuParts extends OutgoingFilesParts {
  readonly associations: DicomAssociations;
  /** `DicomScuPreferredTransferSyntax` */
  readonly preferredTransferSyntax: string;
  /** Whether an instance may be sent to the modality of this title; what may not is passed over. */
  readonly maySend?: ((instance: string, aet: string) => Promise<boolean>) | undefined;
  readonly log: Log;
}

/** Sends over associations of the pool. */
export function createStoreScu(parts: StoreScuParts): OpenStoreScu {
  return (target, plan = {}) => new StoreScuSession(parts, target, plan);
}

/** A dataset ready to be sent, and where. */
interface Prepared {
  readonly contextId: number;
  readonly SOPInstanceUID: string;
  readonly dataset: Uint8Array | AsyncIterable<Uint8Array>;
}

class StoreScuSession implements StoreScu {
  readonly #parts: StoreScuParts;
  readonly #target: StoreTarget;
  readonly #files: OutgoingFiles;
  readonly #negotiation: NegotiationOptions;
  readonly #signal: AbortSignal | undefined;
  #lent: LentAssociation | undefined;
  /** Nothing was sent over the association yet. */
  #isFresh = true;
  /** What contexts of the association were proposed for. */
  #proposed: readonly InstanceKind[] = [];

  constructor(parts: StoreScuParts, target: StoreTarget, { instances = [], signal }: StorePlan) {
    this.#parts = parts;
    this.#target = target;
    this.#files = createOutgoingFiles(parts, instances);
    this.#signal = signal;
    signal?.addEventListener("abort", () => this.#lent?.association.abort(), { once: true });
    const { preferredTransferSyntax } = parts;
    this.#negotiation = { allowTranscoding: target.allowTranscoding, preferredTransferSyntax };
  }

  async storeInstance(publicId: string, originator?: MoveOriginator): Promise<StoreOutcome> {
    const file = await this.#files.find(publicId);
    if ((await this.#parts.maySend?.(publicId, this.#target.calledAet)) === false) {
      return { status: statuses.success, SOPClassUID: file.SOPClassUID, SOPInstanceUID: file.SOPInstanceUID };
    }
    return this.#store(file, originator, () => this.#files.readNext(publicId));
  }

  async storeFile(file: Spooled): Promise<StoreOutcome> {
    return this.#store(await outgoingSpooled(this.#parts.transcoding, file), undefined, () => {});
  }

  async close(): Promise<void> {
    const lent = this.#lent;
    this.#lent = undefined;
    await lent?.giveBack();
  }

  /** `sending` is called when the dataset is at hand. */
  async #store(file: OutgoingFile, originator: MoveOriginator | undefined, sending: () => void): Promise<StoreOutcome> {
    const lent = await this.#associationFor(file);
    const mayBeGivenUp = lent.isReused && this.#isFresh;
    this.#isFresh = false;
    try {
      const prepared = await this.#prepare(file, lent);
      sending();
      return await this.#send(lent.association, file, prepared, originator);
    } catch (error) {
      this.#files.leaveMemory();
      if (mayBeGivenUp && isGivenUp(error)) return await this.#store(file, originator, sending);
      throw associationFailure(error, this.#target);
    }
  }

  /** The present association, or a new one when it ended or was not negotiated for files like this. */
  async #associationFor(kind: InstanceKind): Promise<LentAssociation> {
    this.#signal?.throwIfAborted();
    const lent = this.#lent;
    if (lent?.association.isOpen === true && this.#proposed.some((proposed) => isSameKind(proposed, kind))) return lent;
    await this.close();
    const kinds = [kind, ...this.#proposed, ...this.#files.kinds];
    this.#proposed = kinds.filter((each, at) => kinds.findIndex((other) => isSameKind(each, other)) === at);
    const contexts = storeContexts(this.#proposed, this.#negotiation);
    const { allowTranscoding: _, ...remote } = this.#target;
    const signal = this.#signal === undefined ? {} : { signal: this.#signal };
    this.#lent = await this.#parts.associations.lend({ remote, contexts, ...signal });
    this.#isFresh = true;
    return this.#lent;
  }

  async #prepare(file: OutgoingFile, { association: { contexts } }: LentAssociation): Promise<Prepared> {
    const exact = exactContext(contexts, file);
    if (exact !== undefined) {
      return { contextId: exact.id, SOPInstanceUID: file.SOPInstanceUID, dataset: await file.dataset() };
    }
    const transferSyntaxes = this.#target.allowTranscoding ? transcodingTargets(contexts, file, this.#negotiation) : [];
    const transcoded = await transcode(file, transferSyntaxes);
    const transferSyntaxUID = transcoded?.transferSyntaxUID ?? "";
    const context = exactContext(contexts, { SOPClassUID: file.SOPClassUID, transferSyntaxUID });
    if (transcoded === undefined || context === undefined) {
      const { calledAet } = this.#target;
      const details = `"${calledAet}" takes ${file.SOPClassUID} neither in ${file.transferSyntaxUID} nor in what it can be transcoded to`;
      throw new ServerError("NoPresentationContext", details);
    }
    const { SOPInstanceUID, stream } = transcoded;
    return { contextId: context.id, SOPInstanceUID, dataset: datasetBytes(stream) };
  }

  async #send(
    association: Association,
    { SOPClassUID }: OutgoingFile,
    { contextId, SOPInstanceUID, dataset }: Prepared,
    originator: MoveOriginator | undefined,
  ): Promise<StoreOutcome> {
    const command = {
      CommandField: commandFields["C-STORE-RQ"],
      AffectedSOPClassUID: SOPClassUID,
      AffectedSOPInstanceUID: SOPInstanceUID,
      Priority: mediumPriority,
      ...(originator === undefined
        ? {}
        : {
            MoveOriginatorApplicationEntityTitle: originator.aet,
            MoveOriginatorMessageID: originator.messageId,
          }),
    };
    let status: number = statuses.unableToProcess;
    let comment: string | undefined;
    for await (const response of association.request({ contextId, command, dataset })) {
      status = response.command.Status;
      comment = response.command.ErrorComment;
    }
    if (isWarning(status)) {
      this.#parts.log.warn(
        `"${this.#target.calledAet}" stored ${SOPInstanceUID} with a warning: ${statusText(status)}`,
      );
    } else if (status !== statuses.success) {
      throw new DimseFailure(`C-STORE of ${SOPInstanceUID}`, this.#target, status, { comment });
    }
    return { status, SOPClassUID, SOPInstanceUID };
  }
}

const mediumPriority = 0;

/** What the file becomes in the first of these transfer syntaxes that is possible; undefined when none is. */
async function transcode(file: OutgoingFile, transferSyntaxes: readonly string[]): Promise<TranscodedFile | undefined> {
  if (transferSyntaxes.length === 0) return undefined;
  try {
    return await file.transcoded({ transferSyntaxes, allowNewUid: true });
  } catch (error) {
    if (error instanceof ServerError && error.errorName === "NotImplemented") return undefined;
    throw error;
  }
}

/** The instance is stored all the same (PS3.4 Table B.2-1). */
function isWarning(status: number): boolean {
  return status >>> 12 === 0xb;
}

function isSameKind(left: InstanceKind, right: InstanceKind): boolean {
  return left.SOPClassUID === right.SOPClassUID && left.transferSyntaxUID === right.transferSyntaxUID;
}
