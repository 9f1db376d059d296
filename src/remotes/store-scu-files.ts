import type { Spooled } from "../archive/archive.ts";
import { dicomAttachment, metadataNumbers } from "../archive/metadata-numbers.ts";
import { readUncompressed } from "../archive/read.ts";
import { asBuffer } from "../archive/received.ts";
import type { TranscodedFile, Transcoding, WantedEncoding } from "../archive/transcode.ts";
import type { Catalog, FoundResource } from "../catalog/catalog.ts";
import { datasetBytes, datasetOffset } from "../dicom/dataset-bytes.ts";
import { DicomReader } from "../dicom/parse.ts";
import type { BlobStorage } from "../storage/storage.ts";
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

/** The stored instances that are sent. */
export interface OutgoingFiles {
  /** Throws `UnknownResource`. */
  find(publicId: string): Promise<OutgoingFile>;
  /** Begins to read what comes after `publicId` in the plan. */
  readNext(publicId: string): void;
  /** What is known of the instances that come next. */
  readonly kinds: readonly InstanceKind[];
}

export interface OutgoingFilesParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly storage: Pick<BlobStorage, "read">;
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
  let known: ReadonlyMap<string, OutgoingFile> = new Map();
  let ahead: { readonly publicId: string; readonly dataset: ReturnType<OutgoingFile["dataset"]> } | undefined;
  return {
    async find(publicId) {
      const place = places.get(publicId);
      if (!known.has(publicId)) {
        known = await findFiles(parts, place === undefined ? [publicId] : plan.slice(place, place + windowSize));
      }
      const file = known.get(publicId);
      if (file === undefined) throw new ServerError("UnknownResource", `there is no file of an instance ${publicId}`);
      const early = ahead?.publicId === publicId ? ahead.dataset : undefined;
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
    get kinds() {
      return [...known.values()];
    },
  };
}

async function findFiles(
  parts: OutgoingFilesParts,
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

function storedFile({ storage, transcoding }: OutgoingFilesParts, row: FoundResource): OutgoingFile | undefined {
  const { publicId, metadata, mainDicomTags, attachments = [] } = row;
  const attachment = attachments.find(({ type }) => type === dicomAttachment);
  if (attachment === undefined) return undefined;
  const { uncompressedSize } = attachment;
  const isSmall = uncompressedSize <= smallSize;
  const read = () => readUncompressed(storage, attachment, { start: 0, end: uncompressedSize });
  return {
    SOPClassUID: metadata?.[metadataNumbers.SopClassUid] ?? "",
    SOPInstanceUID: mainDicomTags?.Instance?.[sopInstanceUid] ?? "",
    transferSyntaxUID: metadata?.[metadataNumbers.TransferSyntax] ?? "",
    isSmall,
    dataset: async () => (isSmall ? readWhole(read()) : datasetBytes(read())),
    transcoded: (wanted) => transcoding.transcodedFile(publicId, wanted),
  };
}

async function readWhole(file: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks = await Array.fromAsync(file);
  const [only] = chunks;
  const bytes = only !== undefined && chunks.length === 1 ? asBuffer(only) : Buffer.concat(chunks);
  const offset = datasetOffset(bytes);
  const isPlain = offset !== undefined && (bytes.length - offset) % 2 === 0;
  return isPlain ? bytes.subarray(offset) : Buffer.concat(await Array.fromAsync(datasetBytes([bytes])));
}

/** Larger files, in bytes, are not transcoded: that needs them in memory. */
const transcodedSize = 128 << 20;

/** A file that is not in the archive. Throws `BadFileFormat`, `NoSopClassOrInstance`. */
export async function outgoingSpooled(
  transcoding: Pick<Transcoding, "transcodeBytes">,
  { size, read }: Spooled,
): Promise<OutgoingFile> {
  const reader = new DicomReader({ stopAtPixelData: true });
  for await (const chunk of read({ start: 0, end: size })) {
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
    dataset: async () => datasetBytes(read({ start: 0, end: size })),
    async transcoded(wanted) {
      if (size > transcodedSize) throw new ServerError("NotImplemented", `only files up to ${transcodedSize} bytes`);
      const chunks = await Array.fromAsync(read({ start: 0, end: size }));
      return transcoding.transcodeBytes(Buffer.concat(chunks), wanted);
    },
  };
}
