import { readFileSync } from "node:fs";
import { join } from "node:path";
import { upload } from "../server/upload.ts";
import { askJson } from "../server/ask.ts";

/** Files of the corpus that both servers get, by the name that requests give them. */
const sampleFiles = {
  ct: "syntaxes/uncompressed/CT_small.dcm",
  implicit: "syntaxes/uncompressed/MR_small_implicit.dcm",
  bigEndian: "syntaxes/uncompressed/SC_rgb_small_odd_big_endian.dcm",
  jpeg: "syntaxes/jpeg/SC_rgb_jpeg_dcmtk.dcm",
  rle: "syntaxes/rle/emri_small_RLE.dcm",
  slice1: "series/ct-legacy-multiframe-dcmqi/image_IMG0001.dcm",
  slice2: "series/ct-legacy-multiframe-dcmqi/image_IMG0002.dcm",
  slice3: "series/ct-legacy-multiframe-dcmqi/image_IMG0003.dcm",
  french: "charsets/chrFren.dcm",
  korean: "charsets/chrKoreanMulti.dcm",
  utf8: "charsets/generated/single_ISO_IR_192.dcm",
  report: "objects/sr/reportsi.dcm",
  plan: "objects/rt/rtplan.dcm",
  dose: "objects/rt/rtdose.dcm",
  siemens: "private/Siemens_011-0001.img",
} as const;

export type SampleName = keyof typeof sampleFiles;

/** An instance that was uploaded, with Orthanc's identifiers and those of DICOM. */
export interface Sample {
  readonly instance: string;
  readonly series: string;
  readonly study: string;
  readonly patient: string;
  readonly uids: {
    readonly StudyInstanceUID: string;
    readonly SeriesInstanceUID: string;
    readonly SOPInstanceUID: string;
  };
}

export type Samples = Readonly<Record<SampleName, Sample>>;

export function sampleFile(folder: string, name: SampleName): Buffer {
  return readFileSync(join(folder, sampleFiles[name]));
}

/** Uploads all of them; identifiers are computed from the files, so that they are the same on every server. */
export async function uploadSamples(url: string, folder: string): Promise<Samples> {
  const samples: [string, Sample][] = [];
  for (const name of Object.keys(sampleFiles) as SampleName[]) {
    const { ID, ParentSeries, ParentStudy, ParentPatient } = await upload(url, sampleFile(folder, name));
    const uids = await askJson<Sample["uids"]>(url, `GET /instances/${ID}/simplified-tags`);
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = uids;
    samples.push([
      name,
      {
        instance: ID,
        series: ParentSeries,
        study: ParentStudy,
        patient: ParentPatient,
        uids: { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID },
      },
    ]);
  }
  return Object.fromEntries(samples) as Samples;
}
