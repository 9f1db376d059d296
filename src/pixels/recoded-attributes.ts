import { buildElement, type NewAttribute } from "../dicom/build-dataset.ts";
import { Dataset, type Element } from "../dicom/dataset.ts";
import type { Tag } from "../dicom/tag.ts";
import type { FrameShape } from "./frame.ts";
import { imageTags } from "./frame-shape.ts";

/** What lossy compression did to an image. */
export interface LossyCompression {
  /** Of the new instance. */
  readonly SOPInstanceUID: string;
  /** The name of the transfer syntax. */
  readonly name: string;
  /** A defined term of LossyImageCompressionMethod (PS3.3 §C.7.6.1.1.5.1). */
  readonly method: string;
  readonly ratio: number;
}

/** How pixel data were encoded anew. */
export interface Recoding {
  /** What the attributes say, and what they must say. */
  readonly before: FrameShape;
  readonly after: FrameShape;
  /** Whether the pixels have lost information before. */
  readonly wasLossy: boolean;
  /** Information is lost now. */
  readonly lossy?: LossyCompression;
}

const tags = {
  ImageType: 0x00080008,
  SOPClassUID: 0x00080016,
  SOPInstanceUID: 0x00080018,
  CodeValue: 0x00080100,
  CodingSchemeDesignator: 0x00080102,
  CodeMeaning: 0x00080104,
  ReferencedSOPClassUID: 0x00081150,
  ReferencedSOPInstanceUID: 0x00081155,
  DerivationDescription: 0x00082111,
  SourceImageSequence: 0x00082112,
  DerivationCodeSequence: 0x00089215,
  PurposeOfReferenceCodeSequence: 0x0040a170,
  LossyImageCompression: 0x00282110,
  LossyImageCompressionRatio: 0x00282112,
  LossyImageCompressionMethod: 0x00282114,
  ExtendedOffsetTable: 0x7fe00001,
  ExtendedOffsetTableLengths: 0x7fe00002,
} as const;

const longestDescription = 1024;

/**
 * The dataset of an image whose pixel data were encoded anew: what describes the pixels changes (PS3.5 §8.2), and after lossy
 * compression what tells that this is another, derived instance (PS3.3 §C.7.6.1.1.5, §C.7.6.1.1.3). All else stays. Elements of
 * `pixels` are put in place of the pixel data.
 */
export function recodedDataset(dataset: Dataset, recoding: Recoding, pixels?: Element): Dataset {
  const elements = new Map<Tag, Element>();
  for (const element of dataset) elements.set(element.tag, element);
  elements.delete(tags.ExtendedOffsetTable);
  elements.delete(tags.ExtendedOffsetTableLengths);
  const attributes = [...describedPixels(recoding), ...compressionHistory(dataset, recoding)];
  for (const attribute of attributes) elements.set(attribute.tag, buildElement(attribute, dataset));
  if (pixels !== undefined) elements.set(pixels.tag, pixels);
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}

/** Only what changes, so that the rest stays as it was written. */
function describedPixels({ before, after }: Recoding): readonly NewAttribute[] {
  const rows = [
    {
      tag: imageTags.PhotometricInterpretation,
      vr: "CS",
      from: before.photometricInterpretation,
      value: after.photometricInterpretation,
    },
    {
      tag: imageTags.PlanarConfiguration,
      vr: "US",
      from: before.planarConfiguration,
      value: after.planarConfiguration,
    },
    { tag: imageTags.BitsAllocated, vr: "US", from: before.bitsAllocated, value: after.bitsAllocated },
    { tag: imageTags.BitsStored, vr: "US", from: before.bitsStored, value: after.bitsStored },
    { tag: imageTags.HighBit, vr: "US", from: before.highBit, value: after.highBit },
  ] as const;
  return rows.filter(({ from, value }) => from !== value).map(({ tag, vr, value }) => ({ tag, vr, value }));
}

function compressionHistory(dataset: Dataset, { wasLossy, lossy }: Recoding): readonly NewAttribute[] {
  const isLossy = wasLossy || lossy !== undefined;
  const isMarked = dataset.text(tags.LossyImageCompression)?.trim() === "01";
  return [
    ...(isLossy && !isMarked ? [{ tag: tags.LossyImageCompression, value: "01" }] : []),
    ...(lossy === undefined ? [] : derivation(dataset, lossy)),
  ];
}

function derivation(
  dataset: Dataset,
  { SOPInstanceUID, name, method, ratio }: LossyCompression,
): readonly NewAttribute[] {
  const ratioText = ratio.toFixed(2);
  const [, ...imageType] = dataset.strings(tags.ImageType);
  const before = dataset.text(tags.DerivationDescription)?.trim() ?? "";
  const description = `Lossy compression with ${name}, ratio ${ratioText}${before === "" ? "" : ` [${before}]`}`;
  return [
    { tag: tags.SOPInstanceUID, value: SOPInstanceUID },
    { tag: tags.ImageType, value: ["DERIVED", ...(imageType.length === 0 ? ["SECONDARY"] : imageType)] },
    { tag: tags.DerivationDescription, value: description.slice(0, longestDescription) },
    { tag: tags.DerivationCodeSequence, value: [code(dataset, "113040", "Lossy Compression")] },
    { tag: tags.SourceImageSequence, value: [...dataset.items(tags.SourceImageSequence), sourceImage(dataset)] },
    {
      tag: tags.LossyImageCompressionRatio,
      value: [...dataset.strings(tags.LossyImageCompressionRatio), ratioText],
    },
    { tag: tags.LossyImageCompressionMethod, value: [...dataset.strings(tags.LossyImageCompressionMethod), method] },
  ];
}

function sourceImage(dataset: Dataset): Dataset {
  return item(dataset, [
    { tag: tags.ReferencedSOPClassUID, value: dataset.text(tags.SOPClassUID) ?? "" },
    { tag: tags.ReferencedSOPInstanceUID, value: dataset.text(tags.SOPInstanceUID) ?? "" },
    { tag: tags.PurposeOfReferenceCodeSequence, value: [code(dataset, "121320", "Uncompressed predecessor")] },
  ]);
}

/** A code of DICOM's own (PS3.16 Annex D). */
function code(dataset: Dataset, value: string, meaning: string): Dataset {
  return item(dataset, [
    { tag: tags.CodeValue, value },
    { tag: tags.CodingSchemeDesignator, value: "DCM" },
    { tag: tags.CodeMeaning, value: meaning },
  ]);
}

function item(dataset: Dataset, attributes: readonly NewAttribute[]): Dataset {
  const elements = attributes.map((attribute) => buildElement(attribute, dataset));
  return new Dataset(new Map(elements.map((element) => [element.tag, element])), dataset.littleEndian, dataset);
}
