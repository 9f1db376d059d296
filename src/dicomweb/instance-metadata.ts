import type { Archive, InstanceHeader } from "../archive/archive.ts";
import { metadataNumbers } from "../archive/metadata-numbers.ts";
import type { Element } from "../dicom/dataset.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { toJsonModel } from "../dicom/json-model.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { isVR, type VR } from "../dicom/vr.ts";
import type { AttributeTexts } from "./extrapolated-metadata.ts";
import { elementWriter, textElement } from "./json-element.ts";
import type { OtherBinaryMode } from "./options.ts";
import { SpecificCharacterSet } from "./qido-fields.ts";
import type { WadoInstance } from "./wado-find.ts";

const SOPClassUID = 0x00080016;
const BitsAllocated = 0x00280100;

export interface FullMetadataOptions {
  /** Where binary values are, with a slash at the end. */
  readonly bulkDataUrl: string;
  readonly otherBinaryMode: OtherBinaryMode;
}

/** All attributes of an instance in the DICOM JSON model, binary ones by reference; undefined when it went away. */
export async function fullMetadata(
  archive: Pick<Archive, "header" | "dataset">,
  instance: WadoInstance,
  { bulkDataUrl, otherBinaryMode }: FullMetadataOptions,
): Promise<string | undefined> {
  // The header is enough but for deflated files: it does not tell whether they have pixel data.
  const isDeflated = transferSyntax(instance.transferSyntaxUID)?.deflated === true;
  const parsed = isDeflated ? await archive.dataset(instance.id) : await archive.header(instance.id);
  if (parsed === undefined) return undefined;
  const isGivenByReference = ({ tag, vr, value }: Element): boolean =>
    otherBinaryMode === "BulkDataURI" || vr === "UN" || value === undefined || tag === 0x7fe00010;
  const model = toJsonModel(parsed.dataset, {
    bulkDataUri: (path, element) => (isGivenByReference(element) ? bulkDataUrl + path : undefined),
    numbersForBytes: otherBinaryMode === "ArrayOfValues",
    declareUtf8: true,
  });
  if (parsed.pixelDataOffset === undefined) return JSON.stringify(model);
  const pixels = { vr: pixelDataVr(instance, parsed), BulkDataURI: `${bulkDataUrl}7fe00010` };
  return JSON.stringify({ ...model, "7FE00010": pixels });
}

/** As ingest noted it where it is unusual; otherwise what the standard says (PS3.5 §8.1.2, §A.4). */
function pixelDataVr({ found }: WadoInstance, { dataset, transferSyntaxUID }: InstanceHeader): VR {
  const noted = found.metadata?.[metadataNumbers.PixelDataVR] ?? "";
  if (isVR(noted)) return noted;
  const syntax = transferSyntax(transferSyntaxUID);
  if (syntax?.encapsulated === true) return "OB";
  const isWide = (dataset.number(BitsAllocated) ?? 16) > 8;
  return isWide || syntax?.explicit === false ? "OW" : "OB";
}

/** What the index knows of an instance and the resources above it, in the DICOM JSON model, and `others` that it does not know. */
export function mainTagsMetadata({ found }: WadoInstance, others: AttributeTexts): string {
  const { Patient = {}, Study = {}, Series = {}, Instance = {} } = found.mainDicomTags ?? {};
  const sopClass = found.metadata?.[metadataNumbers.SopClassUid];
  const values = new Map([
    ...(sopClass === undefined ? [] : [[SOPClassUID, sopClass] as const]),
    ...[Patient, Study, Series, Instance].flatMap((tags) =>
      Object.entries(tags).map(([hex, value]) => [Number.parseInt(hex, 16), value] as const),
    ),
  ]);
  const elements = new Map([
    ...Object.entries(others).map(([hex, attribute]) => [Number.parseInt(hex, 16), `"${hex}":${attribute}`] as const),
    ...[...values].map(([tag, value]) => [tag, elementWriter(tag, lookupTag(tag)?.vr ?? "UN")(value)] as const),
    [SpecificCharacterSet, textElement(SpecificCharacterSet, "CS", "ISO_IR 192")],
  ]);
  const inOrder = [...elements].toSorted(([left], [right]) => left - right);
  return `{${inOrder.map(([, text]) => text).join(",")}}`;
}
