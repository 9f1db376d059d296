import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildDataset, type NewAttribute } from "../../src/dicom/build-dataset.ts";
import type { Dataset } from "../../src/dicom/dataset.ts";
import { writeDicom } from "../../src/dicom/write.ts";
import { makeStudy } from "../phantoms/study.ts";
import { askJson } from "../server/ask.ts";

const explicit = "1.2.840.10008.1.2.1";

/** A stored instance and its ancestors. */
export interface Sample {
  readonly instance: string;
  readonly series: string;
  readonly study: string;
  readonly patient: string;
}

const item = (...attributes: NewAttribute[]): Dataset => buildDataset(attributes);

/** An instance with what anonymisation has to deal with, at the top and in sequences. */
export function probe(): Buffer {
  const dataset = buildDataset([
    { tag: 0x00080005, value: "ISO_IR 100" },
    { tag: 0x00080014, value: "1.2.3.14" },
    { tag: 0x00080016, value: "1.2.840.10008.5.1.4.1.1.7" },
    { tag: 0x00080018, value: "1.2.3.4.5" },
    { tag: 0x00080020, value: "20200102" },
    { tag: 0x00080050, value: "ACC1" },
    { tag: 0x00080060, value: "OT" },
    { tag: 0x00080080, value: "Hospital" },
    {
      tag: 0x00081110,
      value: [item({ tag: 0x00081150, value: "1.2.840.10008.3.1.2.3.1" }, { tag: 0x00081155, value: "1.2.3.99" })],
    },
    {
      tag: 0x00081140,
      value: [
        item(
          { tag: 0x00080018, value: "1.2.3.4.5" },
          { tag: 0x00080020, value: "20200103" },
          { tag: 0x00080080, value: "Ward" },
          { tag: 0x00081150, value: "1.2.840.10008.5.1.4.1.1.7" },
          { tag: 0x00081155, value: "1.2.3.4.5" },
          { tag: 0x00090010, value: "NESTED" },
          { tag: 0x00091001, vr: "LO", value: "nested private" },
          { tag: 0x00100010, value: "Nested^Name" },
          { tag: 0x00100020, value: "NestedID" },
          { tag: 0x00100030, value: "19700101" },
          { tag: 0x0020000d, value: "1.2.3.1" },
          { tag: 0x00200052, value: "1.2.3.52" },
        ),
        item({ tag: 0x00080100, value: "X" }, { tag: 0x00081155, value: "1.2.3.4.6" }),
      ],
    },
    { tag: 0x00090010, value: "ACME" },
    { tag: 0x00091001, vr: "LO", value: "private" },
    { tag: 0x00100010, value: "Doe^Jérôme" },
    { tag: 0x00100020, value: "ID1" },
    { tag: 0x00100030, value: "19700101" },
    { tag: 0x00101001, value: "Other^Name" },
    { tag: 0x00181002, value: "1.2.3.1002" },
    { tag: 0x0020000d, value: "1.2.3.1" },
    { tag: 0x0020000e, value: "1.2.3.2" },
    { tag: 0x00200052, value: "1.2.3.52" },
    {
      tag: 0x00400275,
      value: [item({ tag: 0x00080050, value: "ACC3" }, { tag: 0x00400007, value: "description" })],
    },
    { tag: 0x60000010, value: 8 },
    { tag: 0x60003000, vr: "OW", value: Buffer.of(1, 2) },
    { tag: 0x60004000, vr: "LT", value: "comment" },
  ]);
  return writeDicom({ dataset }, { transferSyntaxUID: explicit });
}

/** Files of the corpus, one of each kind; those of one study are stored together. */
const corpus = {
  report: ["objects/sr/structured_report.dcm"],
  radiotherapy: ["ct.0.dcm", "rtss.dcm", "rtplan.dcm"].map((file) => `series/rt-dicompyler/${file}`),
  segmentation: ["ct-3slice_01", "ct-3slice_02", "ct-3slice_03", "segmentations_liver"].map(
    (file) => `series/ct-seg-dcmqi/${file}.dcm`,
  ),
  keyObjects: ["objects/ko/key_object_selection.dcm"],
  presentationState: ["objects/presentation-state/prLUTs.dcm"],
  enhanced: ["objects/enhanced/enhanced_ct_6frames.dcm"],
  document: ["objects/encapsulated/encapsulated_pdf.dcm"],
  japanese: ["charsets/chrH32.dcm"],
  russian: ["charsets/chrRuss.dcm"],
  privateGroups: ["private/generated/two_creators_one_group.dcm"],
  siemens: ["private/csa_slice_norm.dcm"],
  implicit: ["private/implicit_little.dcm"],
  bigEndian: ["private/explicit_big.dcm"],
  overlay: ["objects/lut-overlay/overlay_plane.dcm"],
  rle: ["syntaxes/nema-wg04/MR1_RLE"],
} as const satisfies Record<string, readonly string[]>;

export type SampleName = keyof typeof corpus | "probe" | "phantom" | "secondPhantom" | "thirdPhantom" | "parentPhantom";
export type Samples = Readonly<Record<SampleName, Sample>>;

const phantom = (seed: number): Buffer[] =>
  [...makeStudy({ rows: 16, instances: 4, perSeries: 2, seed })].map(({ file }) => file);

/** Files by the name of the sample; the first is the sample's instance. */
export function sampleFiles(folder: string): Readonly<Record<SampleName, readonly Buffer[]>> {
  const read = (paths: readonly string[]): Buffer[] => paths.map((path) => readFileSync(join(folder, path)));
  const files = Object.entries(corpus).map(([name, paths]) => [name, read(paths)] as const);
  return {
    ...(Object.fromEntries(files) as Record<keyof typeof corpus, Buffer[]>),
    probe: [probe()],
    phantom: phantom(1),
    secondPhantom: phantom(2),
    thirdPhantom: phantom(3),
    parentPhantom: phantom(4),
  };
}

/** Stores the samples. */
export async function uploadSamples(url: string, folder: string): Promise<Samples> {
  const samples: Partial<Record<SampleName, Sample>> = {};
  for (const [name, files] of Object.entries(sampleFiles(folder))) {
    const stored: Sample[] = [];
    for (const body of files) {
      const answer = await askJson<Record<string, string>>(url, "POST /instances", { body });
      const { ID = "", ParentSeries = "", ParentStudy = "", ParentPatient = "" } = answer;
      stored.push({ instance: ID, series: ParentSeries, study: ParentStudy, patient: ParentPatient });
    }
    const [first] = stored;
    if (first !== undefined) samples[name as SampleName] = first;
  }
  return samples as Samples;
}
