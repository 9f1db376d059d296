/** Where and how to send instances by C-STORE. */
export interface StoreTarget {
  readonly host: string;
  readonly port: number;
  readonly calledAet: string;
  readonly callingAet: string;
  /** Seconds; 0: never. */
  readonly timeout: number;
  readonly useDicomTls: boolean;
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
  /** Sends a file that is not in the archive. */
  storeFile(file: Buffer): Promise<StoreOutcome>;
  /** Releases the association, or leaves it to be used again (`DicomAssociationCloseDelay`). */
  close(): Promise<void>;
}
