import type { CodecPool } from "../pixels/codec-pool.ts";
import type { DecodedFrame } from "../pixels/frame.ts";
import type { ByteRange } from "../storage/storage.ts";
import type { Archive, InstanceHeader } from "./archive.ts";
import { createDecodedFrames } from "./decoded-frames.ts";
import { dicomAttachment } from "./metadata-numbers.ts";
import { memorySource, sopInstanceUID } from "./transcoding-source.ts";
import { transcodeToWanted } from "./transcode-dataset.ts";

export type { DecodedFrame, FrameShape } from "../pixels/frame.ts";

/** What a file may be transcoded to. */
export interface WantedEncoding {
  /** UIDs in order of preference. */
  readonly transferSyntaxes: readonly string[];
  /** Whether lossy compression, which makes a new instance (PS3.3 §C.7.6.1.1.5), is allowed. */
  readonly allowNewUid: boolean;
  /** 1 to 100; default `DicomLossyTranscodingQuality`. */
  readonly lossyQuality?: number;
}

/** A whole file (PS3.10). */
export interface TranscodedFile {
  readonly transferSyntaxUID: string;
  /** A new one when the pixels lost information. */
  readonly SOPInstanceUID: string;
  /** Bytes that `stream` will give; undefined when they are made on the way. */
  readonly size?: number;
  /** To be read once. It fails when a frame after the first turns out to be broken. */
  readonly stream: AsyncIterable<Uint8Array>;
}

/** Files and frames in another transfer syntax than the one they are stored in. */
export interface Transcoding {
  /**
   * The file of a stored instance; as it is stored when its transfer syntax is among those wanted. Undefined when there is no such
   * instance or it has no file. Throws `NotImplemented` that says why when none of the wanted transfer syntaxes is possible.
   */
  transcodedFile(instance: string, wanted: WantedEncoding): Promise<TranscodedFile | undefined>;
  /** The same for a file that is not in the archive. Throws `BadFileFormat` when it is no DICOM file. */
  transcodeBytes(file: Buffer, wanted: WantedEncoding): Promise<TranscodedFile>;
  /**
   * A frame of a stored instance, decoded; only its own bytes are read. `frame` counts from 0. Throws `UnknownResource` without
   * such an instance, `InexistentItem` without pixel data, `ParameterOutOfRange` beyond the last frame, `NotImplemented` when no
   * codec can decode it, `BadFileFormat` when it is broken.
   */
  decodedFrame(instance: string, frame: number): Promise<DecodedFrame>;
  /** Ends the threads. */
  close(): Promise<void>;
}

export interface TranscodingParts {
  readonly archive: Pick<Archive, "open" | "header" | "dataset" | "readValue">;
  /** Closed together with the transcoding. */
  readonly pool: CodecPool;
  /** `DicomLossyTranscodingQuality` */
  readonly lossyQuality: number;
}

/** Its threads start with the first frame, and end when there is nothing to do. */
export function createTranscoding({ archive, pool, lossyQuality }: TranscodingParts): Transcoding {
  const decodedFrame = createDecodedFrames(archive, pool);
  return {
    async transcodedFile(instance, wanted) {
      const header = await archive.header(instance);
      if (header === undefined) return undefined;
      if (wanted.transferSyntaxes.includes(header.transferSyntaxUID)) return storedFile(archive, instance, header);
      const whole = await archive.dataset(instance);
      if (whole === undefined) return undefined;
      const source = { ...whole, readValue: (range: ByteRange) => archive.readValue(instance, range) };
      return await transcodeToWanted(pool, source, { lossyQuality, ...wanted });
    },
    async transcodeBytes(file, wanted) {
      const source = memorySource(file);
      const { transferSyntaxUID, dataset } = source;
      if (!wanted.transferSyntaxes.includes(transferSyntaxUID)) {
        return await transcodeToWanted(pool, source, { lossyQuality, ...wanted });
      }
      return { transferSyntaxUID, SOPInstanceUID: sopInstanceUID(dataset), size: file.length, stream: once(file) };
    },
    decodedFrame,
    close: () => pool.close(),
  };
}

async function storedFile(
  archive: Pick<Archive, "open">,
  instance: string,
  { transferSyntaxUID, dataset }: InstanceHeader,
): Promise<TranscodedFile | undefined> {
  const file = await archive.open(instance, dicomAttachment);
  if (file === undefined) return undefined;
  const { size, stream } = file;
  return { transferSyntaxUID, SOPInstanceUID: sopInstanceUID(dataset), size, stream };
}

async function* once(file: Buffer): AsyncGenerator<Uint8Array, void, void> {
  yield file;
}
