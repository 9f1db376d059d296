import { Readable } from "node:stream";
import { ServerError } from "../../util/errors.ts";
import { createMediaDirectory, type MediaFile } from "../media/media-directory.ts";
import type { ZipContent, ZipSource } from "../zip/write-zip.ts";
import { instancesOf, openExported, type ExportParts, type WantedTranscoding } from "./exported-files.ts";
import type { ExportedSeries } from "./plan-export.ts";

export interface MediaSourcesOptions {
  /** More keys in the directory than the standard asks for. */
  readonly extended: boolean;
  readonly transcode: WantedTranscoding | undefined;
}

const patientId = "00100020";
const patientName = "00100010";

/** A component of a path on a medium has eight characters (PS3.10 §8.2), two of which are letters here. */
const mostFiles = 1_000_000;
/** Bytes of a record and of what is above it, generously. */
const recordSize = 2048;

/** A file-set (PS3.10 §8): the files of the planned series as `IMAGES/IM0`, `IMAGES/IM1`, …, and their DICOMDIR. */
export async function* mediaSources(
  parts: ExportParts,
  plan: readonly ExportedSeries[],
  options: MediaSourcesOptions,
): AsyncGenerator<ZipSource, void, void> {
  const directory = createMediaDirectory(options);
  let count = 0;
  /** Resolves when all files so far are in the directory. */
  let recorded = Promise.resolve();
  for (const series of plan) {
    const { Study, Series } = series.ids;
    const Patient = patientKey(series);
    for (const { publicId } of await instancesOf(parts.catalog, series)) {
      const path = ["IMAGES", `IM${count++}`];
      if (count > mostFiles) throw new ServerError("ParameterOutOfRange", `A medium has ${mostFiles} files at most`);
      const record = directory.place([Patient, Study, Series]);
      const opened = Promise.withResolvers<void>();
      recorded = recorded.then(() => opened.promise);
      yield {
        name: path.join("/"),
        open: () => openRecorded(parts, { publicId, path, record }, options).finally(opened.resolve),
      };
    }
  }
  yield {
    name: "DICOMDIR",
    open: async () => {
      await recorded;
      return { size: undefined, mostBytes: mostFiles * recordSize, stream: Readable.from(directory.file()) };
    },
  };
}

/** Orthanc takes all patients without PatientID for one; on a medium those of other names are others. */
function patientKey({ ids, tags }: ExportedSeries): string {
  const { [patientId]: id = "", [patientName]: name = "" } = tags.Patient;
  return id.trim() === "" ? `${ids.Patient} ${name}` : ids.Patient;
}

interface RecordedInstance {
  readonly publicId: string;
  readonly path: readonly string[];
  readonly record: (file: MediaFile) => void;
}

async function openRecorded(
  parts: ExportParts,
  { publicId, path, record }: RecordedInstance,
  { transcode }: MediaSourcesOptions,
): Promise<ZipContent | undefined> {
  const header = await parts.archive.header(publicId);
  const file = await openExported(parts, publicId, transcode);
  if (header === undefined || file === undefined) return undefined;
  const { dataset, transferSyntaxUID, pixelDataVR } = header;
  const stored = { transferSyntaxUID, SOPInstanceUID: dataset.text(0x00080018) ?? "" };
  record({ path, dataset, hasPixelData: pixelDataVR !== undefined, ...stored, ...file.transcoded });
  return file;
}
