import type { Spooled } from "../archive/archive.ts";
import { compressions } from "../archive/compression.ts";
import { dicomAttachment, metadataNumbers } from "../archive/metadata-numbers.ts";
import { readUncompressed } from "../archive/read.ts";
import { asBuffer } from "../archive/received.ts";
import type { TranscodedFile, Transcoding, WantedEncoding } from "../archive/transcode.ts";
import type { Attachment, Catalog, FoundResource } from "../catalog/catalog.ts";
import { datasetBytes, datasetOffset } from "../dicom/dataset-bytes.ts";
import { DicomReader } from "../dicom/parse.ts";
import type { BlobStorage, ReadsInto } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { InstanceKind } from "./store-scu-contexts.ts";

/** A file on its way. */
export interface OutgoingFile extends InstanceKind {
  readonly SOPInstanceUID: string;
  /** The dataset as it is stored, without what stands before it in the file; may be called again. */
  dataset(): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
  /** The dataset is small and read in one go. */
  readonly isSmall: boolean;
  /** As `Transcoding.transcodedFile`. */
  transcoded(wanted: WantedEncoding): Promise<TranscodedFile | undefined>;
}

/** The stored instances that are sent, one after the other: the dataset of one may lie where that of the one before the last was. */
export interface OutgoingFiles {
  /** Throws `UnknownResource`. */
  find(publicId: string): Promise<OutgoingFile>;
  /** Begins to read what comes after `publicId` in the plan, while that is being sent. */
  readNext(publicId: string): void;
  /** Leaves the memory of datasets that were read to who may still be sending them: after a failure nobody knows. */
  leaveMemory(): void;
  /** What is known of the instances that come next. */
  readonly kinds: readonly InstanceKind[];
}

export interface OutgoingFilesParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly storage: Pick<BlobStorage, "read"> & Partial<ReadsInto>;
  readonly transcoding: Pick<Transcoding, "transcodedFile" | "transcodeBytes">;
}

/** Instances that are looked up together. */
const windowSize = 100;
/** Files up to this size, in bytes, are read in one go. */
const smallSize = 1 << 20;

const sopInstanceUid = "00080018";

/** Finds the files of instances, of those of `plan` many at once. */
export function createOutgoingFiles(parts: OutgoingFilesParts, plan: readonly string[]): OutgoingFiles {
  const places = new Map(plan.map((publicId, at) => [publicId, at]));
  const memory = createReadMemory();
  let known: ReadonlyMap<string, OutgoingFile> = new Map();
  let ahead: { readonly publicId: string; readonly dataset: ReturnType<OutgoingFile["dataset"]> } | undefined;
  return {
    async find(publicId) {
      const place = places.get(publicId);
      if (!known.has(publicId)) {
        const publicIds = place === undefined ? [publicId] : plan.slice(place, place + windowSize);
        known = await findFiles({ ...parts, memory }, publicIds);
      }
      const file = known.get(publicId);
      if (file === undefined) throw new ServerError("UnknownResource", `there is no file of an instance ${publicId}`);
      const early = ahead?.publicId === publicId ? ahead.dataset : undefined;
      // What was read ahead in vain may still be on its way into the memory.
      if (early === undefined && ahead !== undefined) memory.leave();
      ahead = undefined;
      return early === undefined ? file : { ...file, dataset: () => early };
    },
    readNext(publicId) {
      const next = plan[(places.get(publicId) ?? plan.length) + 1];
      const file = next === undefined ? undefined : known.get(next);
      if (next === undefined || file?.isSmall !== true) return;
      ahead = { publicId: next, dataset: file.dataset() };
      // What goes wrong is told when it is its turn.
      ahead.dataset.catch(() => {});
    },
    leaveMemory: () => memory.leave(),
    get kinds() {
      return [...known.values()];
    },
  };
}

/** Two pieces of memory for small files, used in turns: while one is being sent the next file is read into the other. */
interface ReadMemory {
  next(): Buffer;
  leave(): void;
}

function createReadMemory(): ReadMemory {
  let pieces: Buffer[] = [];
  return {
    next() {
      const piece = (pieces.length < 2 ? undefined : pieces.shift()) ?? Buffer.allocUnsafeSlow(smallSize);
      pieces.push(piece);
      return piece;
    },
    leave() {
      pieces = [];
    },
  };
}

interface FindFilesParts extends OutgoingFilesParts {
  readonly memory: ReadMemory;
}

async function findFiles(
  parts: FindFilesParts,
  publicIds: readonly string[],
): Promise<ReadonlyMap<string, OutgoingFile>> {
  const include = { mainDicomTags: ["Instance"], metadata: true, attachments: true } as const;
  const found = await parts.catalog.find({ level: "Instance", publicIds, include });
  return new Map(
    found.flatMap((row): [string, OutgoingFile][] => {
      const file = storedFile(parts, row);
      return file === undefined ? [] : [[row.publicId, file]];
    }),
  );
}

function storedFile(parts: FindFilesParts, row: FoundResource): OutgoingFile | undefined {
  const { publicId, metadata, mainDicomTags, attachments = [] } = row;
  const attachment = attachments.find(({ type }) => type === dicomAttachment);
  if (attachment === undefined) return undefined;
  const isSmall = attachment.uncompressedSize <= smallSize;
  return {
    SOPClassUID: metadata?.[metadataNumbers.SopClassUid] ?? "",
    SOPInstanceUID: mainDicomTags?.Instance?.[sopInstanceUid] ?? "",
    transferSyntaxUID: metadata?.[metadataNumbers.TransferSyntax] ?? "",
    isSmall,
    dataset: async () =>
      isSmall ? readSmall(parts, attachment) : datasetBytes(readUncompressed(parts.storage, attachment)),
    transcoded: (wanted) => parts.transcoding.transcodedFile(publicId, wanted),
  };
}

async function readSmall({ storage, memory }: FindFilesParts, attachment: Attachment): Promise<Uint8Array> {
  const { uncompressedSize: size, compression } = attachment;
  if (storage.readInto === undefined || compression !== compressions.none) {
    return datasetOf(Buffer.concat(await Array.fromAsync(readUncompressed(storage, attachment))));
  }
  const piece = memory.next().subarray(0, size);
  return datasetOf(piece.subarray(0, await storage.readInto(attachment, piece)));
}

async function datasetOf(file: Buffer): Promise<Uint8Array> {
  const offset = datasetOffset(file);
  const isPlain = offset !== undefined && (file.length - offset) % 2 === 0;
  return isPlain ? file.subarray(offset) : Buffer.concat(await Array.fromAsync(datasetBytes([file])));
}

/** Larger files, in bytes, are not transcoded: that needs them in memory. */
const transcodedSize = 128 << 20;

/** A file that is not in the archive. Throws `BadFileFormat`, `NoSopClassOrInstance`. */
export async function outgoingSpooled(
  transcoding: Pick<Transcoding, "transcodeBytes">,
  file: Spooled,
): Promise<OutgoingFile> {
  const reader = new DicomReader({ stopAtPixelData: true });
  const { size } = file;
  const whole = { start: 0, end: size };
  for await (const chunk of file.read(whole)) {
    reader.push(asBuffer(chunk));
    if (reader.headerComplete) break;
  }
  const { dataset, transferSyntaxUID } = reader.end();
  const SOPClassUID = dataset.text(0x00080016) ?? "";
  const SOPInstanceUID = dataset.text(0x00080018) ?? "";
  if (SOPClassUID === "" || SOPInstanceUID === "") {
    throw new ServerError("NoSopClassOrInstance", "the file needs SOPClassUID and SOPInstanceUID");
  }
  return {
    SOPClassUID,
    SOPInstanceUID,
    transferSyntaxUID,
    isSmall: false,
    dataset: async () => datasetBytes(file.read(whole)),
    async transcoded(wanted) {
      if (size > transcodedSize) throw new ServerError("NotImplemented", `only files up to ${transcodedSize} bytes`);
      const chunks = await Array.fromAsync(file.read(whole));
      return transcoding.transcodeBytes(Buffer.concat(chunks), wanted);
    },
  };
}
