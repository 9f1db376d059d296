import type { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset } from "../../dicom/dataset.ts";
import { DicomReader, type ParsedDicom, type ParseOptions } from "../../dicom/parse.ts";
import { explicitLittleEndian, transferSyntax } from "../../dicom/transfer-syntaxes.ts";
import type { ByteRange } from "../../storage/storage.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive, Spooled } from "../archive.ts";
import { dicomAttachment } from "../metadata-numbers.ts";
import { asBuffer } from "../received.ts";
import type { ReadValue } from "../stream-dataset.ts";
import type { Transcoding } from "../transcode.ts";

export interface SourceParts {
  readonly archive: Pick<Archive, "open" | "dataset" | "readValue" | "spool">;
  readonly transcoding: Pick<Transcoding, "transcodedFile">;
  /** Of files that declare no character set. */
  readonly defaultCharset: () => SpecificCharacterSet;
}

/** How a file shall be written; absent: as it is. */
export interface WantedSyntax {
  readonly transferSyntaxUID: string;
  readonly lossyQuality?: number;
}

/** A stored file that is open for reading: large values stay in it until they are asked for. */
export interface SourceFile extends AsyncDisposable {
  readonly dataset: Dataset;
  /** The syntax to write the dataset in: its pixel data are as that has them. */
  readonly transferSyntaxUID: string;
  readonly readValue: ReadValue;
}

const PixelData = 0x7fe00010;
const SOPInstanceUID = 0x00080018;
/** Files up to this size, in bytes, are read into memory in one go. */
const wholeSize = 4 << 20;
/** Of larger ones, values above this size stay in the file. */
const keptValueLength = 64 << 10;

/**
 * Opens the file of an instance, its pixel data transcoded where `wanted` needs it. Throws `UnknownResource` when the instance has
 * gone, and `NotImplemented` when no codec can do it.
 */
export async function openSource(parts: SourceParts, instance: string, wanted?: WantedSyntax): Promise<SourceFile> {
  const stored = await openStored(parts, instance);
  if (wanted === undefined || wanted.transferSyntaxUID === stored.transferSyntaxUID) return stored;
  const from = transferSyntax(stored.transferSyntaxUID);
  const to = transferSyntax(wanted.transferSyntaxUID);
  if (from === undefined || to === undefined) throw new ServerError("NotImplemented", `cannot transcode ${instance}`);
  // Without pixel data there is nothing that compression could do.
  if (!stored.dataset.has(PixelData)) return to.encapsulated ? stored : { ...stored, transferSyntaxUID: to.uid };
  const isRewritten = !from.encapsulated && !to.encapsulated && from.bigEndianPixels === to.bigEndianPixels;
  if (isRewritten) return { ...stored, transferSyntaxUID: to.uid };
  return openTranscoded(parts, instance, stored.dataset, wanted);
}

async function openStored({ archive, defaultCharset }: SourceParts, instance: string): Promise<SourceFile> {
  const file = await archive.open(instance, dicomAttachment);
  if (file === undefined) throw new ServerError("UnknownResource", `instance ${instance} has no DICOM file any more`);
  if (file.size <= wholeSize) {
    const whole = { maximumValueLength: Infinity, limits: { keptLength: Infinity } };
    return sourceFile(await parsed(file.stream, { ...whole, defaultCharset: defaultCharset() }), () => {
      throw new RangeError("every value is in memory");
    });
  }
  const kept = await archive.dataset(instance);
  if (kept === undefined) throw new ServerError("UnknownResource", `instance ${instance} has gone`);
  return sourceFile(kept, (range) => archive.readValue(instance, range));
}

function sourceFile(
  { dataset, transferSyntaxUID }: Pick<ParsedDicom, "dataset" | "transferSyntaxUID">,
  readValue: ReadValue,
  dispose: () => Promise<void> = () => Promise.resolve(),
): SourceFile {
  return { dataset, transferSyntaxUID, readValue, [Symbol.asyncDispose]: dispose };
}

/** The file as the codecs write it, kept in the storage while it is read; still under the SOPInstanceUID of the original. */
async function openTranscoded(
  { archive, transcoding, defaultCharset }: SourceParts,
  instance: string,
  original: Dataset,
  { transferSyntaxUID, lossyQuality }: WantedSyntax,
): Promise<SourceFile> {
  const isEncapsulated = transferSyntax(transferSyntaxUID)?.encapsulated === true;
  const file = await transcoding.transcodedFile(instance, {
    transferSyntaxes: [isEncapsulated ? transferSyntaxUID : explicitLittleEndian.uid],
    allowNewUid: true,
    ...(lossyQuality === undefined ? {} : { lossyQuality }),
  });
  if (file === undefined) throw new ServerError("UnknownResource", `instance ${instance} has gone`);
  const { spooled, close } = await holdSpooled(archive, file.stream);
  const bytes = spooled.read({ start: 0, end: spooled.size });
  const options = { maximumValueLength: keptValueLength, defaultCharset: defaultCharset() };
  const { dataset } = await parsed(bytes, options).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const elements = new Map(dataset.elements);
  const identifier = original.get(SOPInstanceUID);
  if (identifier !== undefined) elements.set(SOPInstanceUID, identifier);
  const renamed = new Dataset(elements, dataset.littleEndian, dataset.charset);
  return sourceFile({ dataset: renamed, transferSyntaxUID }, (range: ByteRange) => spooled.read(range), close);
}

/** Spools a stream until `close` is called. */
async function holdSpooled(
  archive: Pick<Archive, "spool">,
  data: AsyncIterable<Uint8Array>,
): Promise<{ readonly spooled: Spooled; readonly close: () => Promise<void> }> {
  const opened = Promise.withResolvers<Spooled>();
  const closed = Promise.withResolvers<void>();
  const held = archive.spool(data, async (spooled) => {
    opened.resolve(spooled);
    await closed.promise;
  });
  held.catch(opened.reject);
  const spooled = await opened.promise;
  return {
    spooled,
    close() {
      closed.resolve();
      return held;
    },
  };
}

async function parsed(file: AsyncIterable<Uint8Array>, options: ParseOptions): Promise<ParsedDicom> {
  const reader = new DicomReader(options);
  for await (const chunk of file) reader.push(asBuffer(chunk));
  return reader.end();
}
