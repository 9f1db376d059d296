import type { Spooled } from "../archive/archive.ts";
import type { DicomRemote } from "./dicom-remote.ts";

/** Where and how to send instances by C-STORE. */
export interface StoreTarget extends DicomRemote {
  /** `TranscodeDicomProtocol` and the modality's `AllowTranscoding`. */
  readonly allowTranscoding: boolean;
}

/** Told to the receiver of C-STORE sub-operations (PS3.7 §9.1.1). */
export interface MoveOriginator {
  readonly aet: string;
  readonly messageId: number;
}

/** What the receiver made of an instance. */
export interface StoreOutcome {
  /** As the receiver answered: 0x0000 success, 0xBxxx warnings. Failures are thrown. */
  readonly status: number;
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
}

/** Sends instances one after the other over one association, opened with the first, negotiated anew when an instance needs another context. */
export interface StoreScu {
  /**
   * Sends a stored instance, transcoded when the receiver takes its transfer syntax by no means. Throws `ServerError`: NoPresentationContext,
   * NetworkProtocol with payload `{ Type: "Dimse", Content: { DimseErrorStatus } }` when the receiver refuses it, UnknownResource.
   */
  storeInstance(publicId: string, originator?: MoveOriginator): Promise<StoreOutcome>;
  /** Sends a file that is not in the archive. Throws `BadFileFormat` and `NoSopClassOrInstance` too. */
  storeFile(file: Spooled): Promise<StoreOutcome>;
  /** Releases the association, or leaves it to be used again (`DicomAssociationCloseDelay`). */
  close(): Promise<void>;
}

/** What is known beforehand of a sending. */
export interface StorePlan {
  /** The instances that will be sent, in this order: they are looked up together, negotiated together and read ahead. */
  readonly instances?: readonly string[];
  /** Aborts what is under way. */
  readonly signal?: AbortSignal;
}

/** Makes a `StoreScu`; nothing is opened before the first instance. */
export type OpenStoreScu = (target: StoreTarget, plan?: StorePlan) => StoreScu;
