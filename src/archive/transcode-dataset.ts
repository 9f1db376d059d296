import { type TransferSyntax, transferSyntax } from "../dicom/transfer-syntaxes.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { canEncode, lossyMethod } from "../pixels/codecs.ts";
import { ServerError } from "../util/errors.ts";
import { pixelElement } from "./pixel-data.ts";
import { recodedFile } from "./recode.ts";
import { streamDicom } from "./stream-dataset.ts";
import type { TranscodedFile, WantedEncoding } from "./transcode.ts";
import { withNativeIcons } from "./transcode-icons.ts";
import { sopInstanceUID, type TranscodingSource } from "./transcoding-source.ts";

interface TranscodingTarget {
  readonly transferSyntaxUID: string;
  readonly allowNewUid: boolean;
  /** 1 to 100 */
  readonly quality: number;
}

const root = "1.2.840.10008.1.2";
/** The transfer syntaxes with native pixel data that files are written in: implicit, explicit, big endian and deflated. */
const nativeTargets: readonly string[] = [root, `${root}.1`, `${root}.1.99`, `${root}.2`];
/** GE's private one is read. */
const nativeSources: readonly string[] = [...nativeTargets, "1.2.840.113619.5.2"];

/** Errors that mean that a transfer syntax is not possible, where another may be. */
const refusals: readonly string[] = ["NotImplemented", "BadFileFormat"];

/**
 * Writes a file in the first of the wanted transfer syntaxes that is possible, as `transcodeDataset`. Throws `NotImplemented` with the
 * reasons when none is.
 */
export async function transcodeToWanted(
  pool: CodecPool,
  source: TranscodingSource,
  { transferSyntaxes, allowNewUid, lossyQuality }: Required<WantedEncoding>,
): Promise<TranscodedFile> {
  const reasons: string[] = [];
  for (const transferSyntaxUID of transferSyntaxes) {
    try {
      return await transcodeDataset(pool, source, { transferSyntaxUID, allowNewUid, quality: lossyQuality });
    } catch (error) {
      if (!(error instanceof ServerError) || !refusals.includes(error.errorName)) throw error;
      reasons.push(error.details ?? error.message);
    }
  }
  const reason = reasons.length === 0 ? "no transfer syntax is wanted" : [...new Set(reasons)].join("; ");
  throw new ServerError("NotImplemented", `cannot transcode from ${source.transferSyntaxUID}: ${reason}`);
}

/**
 * Writes a file in another transfer syntax, frame by frame; all that does not describe the pixels stays as it is. The first frame is
 * encoded before this resolves, so that images that cannot be transcoded are refused here; a later frame that is broken makes the
 * stream fail. Throws `NotImplemented` or `BadFileFormat`.
 */
async function transcodeDataset(
  pool: CodecPool,
  source: TranscodingSource,
  target: TranscodingTarget,
): Promise<TranscodedFile> {
  const from = sourceSyntax(source.transferSyntaxUID);
  const to = targetSyntax(target.transferSyntaxUID);
  const dataset = from.encapsulated ? await withNativeIcons(pool, source) : source.dataset;
  const pixels = pixelElement(source);
  const stays = pixels?.fragments === undefined && !to.encapsulated && from.bigEndianPixels !== true;
  if (pixels === undefined || stays) {
    return {
      transferSyntaxUID: to.uid,
      SOPInstanceUID: sopInstanceUID(dataset),
      stream: streamDicom({ ...source, dataset }, to.uid),
    };
  }
  if (lossyMethod(to.uid) !== undefined && !target.allowNewUid) {
    throw new ServerError("NotImplemented", `${to.name} loses information, and no new SOP instance is allowed`);
  }
  return await recodedFile(pool, { ...source, dataset, pixels, from }, { syntax: to, quality: target.quality });
}

function sourceSyntax(uid: string): TransferSyntax {
  const syntax = transferSyntax(uid);
  if (syntax !== undefined && (nativeSources.includes(uid) || (syntax.encapsulated && syntax.video !== true))) {
    return syntax;
  }
  throw new ServerError("NotImplemented", `files in ${uid} (${syntax?.name ?? "unknown"}) are not transcoded`);
}

function targetSyntax(uid: string): TransferSyntax {
  const syntax = transferSyntax(uid);
  if (syntax !== undefined && (nativeTargets.includes(uid) || canEncode(uid))) return syntax;
  throw new ServerError("NotImplemented", `no files are written in ${uid} (${syntax?.name ?? "unknown"})`);
}
