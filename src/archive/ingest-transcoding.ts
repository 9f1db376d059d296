import {
  explicitBigEndian,
  explicitLittleEndian,
  implicitLittleEndian,
  transferSyntax,
} from "../dicom/transfer-syntaxes.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { lossyMethod } from "../pixels/codecs.ts";
import type { Log } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import type { InstanceHeader } from "./archive.ts";
import { transcodeToWanted } from "./transcode-dataset.ts";
import type { TranscodedFile } from "./transcode.ts";
import type { TranscodingSource } from "./transcoding-source.ts";

export interface IngestTranscodingOptions {
  readonly pool: CodecPool;
  /** `IngestTranscoding` */
  readonly transferSyntaxUID: string;
  /** `IngestTranscodingOfUncompressed` */
  readonly ofUncompressed: boolean;
  /** `IngestTranscodingOfCompressed` */
  readonly ofCompressed: boolean;
  /** `DicomLossyTranscodingQuality` */
  readonly lossyQuality: number;
  readonly log: Log;
}

/** Transcodes instances as they come in (behaviour §2.8). */
export interface IngestTranscoding {
  /** What instances are transcoded to. */
  readonly transferSyntaxUID: string;
  /** Whether it makes new instances of those that it transcodes. */
  readonly isLossy: boolean;
  /** Whether instances in this transfer syntax are transcoded at all. */
  concerns(transferSyntaxUID: string): boolean;
  /** Whether this instance is. */
  wants(header: Pick<InstanceHeader, "transferSyntaxUID" | "pixelDataVR">): boolean;
  /** Undefined, and logged, when it cannot be. */
  transcode(source: TranscodingSource): Promise<TranscodedFile | undefined>;
  /** Says that an instance is stored as it came. */
  refused(reason: unknown): void;
}

const uncompressed: readonly string[] = [implicitLittleEndian, explicitLittleEndian, explicitBigEndian].map(
  ({ uid }) => uid,
);

/** Throws `ParameterOutOfRange` for a transfer syntax that is not known. */
export function createIngestTranscoding(options: IngestTranscodingOptions): IngestTranscoding {
  const { pool, transferSyntaxUID, ofUncompressed, ofCompressed, lossyQuality, log } = options;
  const target = transferSyntax(transferSyntaxUID);
  if (target === undefined) {
    throw new ServerError("ParameterOutOfRange", `IngestTranscoding: unknown transfer syntax "${transferSyntaxUID}"`);
  }
  const wanted = { transferSyntaxes: [target.uid], allowNewUid: true, lossyQuality };
  const concerns = (uid: string): boolean => {
    if (uid === target.uid || transferSyntax(uid)?.video === true) return false;
    return uncompressed.includes(uid) ? ofUncompressed : ofCompressed;
  };
  const refused = (reason: unknown): void => {
    const text = reason instanceof ServerError ? (reason.details ?? reason.message) : String(reason);
    log.warn(`IngestTranscoding: an instance is stored as it came: ${text}`);
  };
  return {
    transferSyntaxUID: target.uid,
    isLossy: lossyMethod(target.uid) !== undefined,
    concerns,
    wants: ({ transferSyntaxUID: uid, pixelDataVR }) =>
      concerns(uid) && (pixelDataVR !== undefined || !target.encapsulated),
    async transcode(source) {
      try {
        return await transcodeToWanted(pool, source, wanted);
      } catch (reason) {
        refused(reason);
        return undefined;
      }
    },
    refused,
  };
}
