import type { Dataset, Element } from "../../../src/dicom/dataset.ts";
import type { ParsedDicom } from "../../../src/dicom/parse.ts";
import { elementOf, tagHex } from "../../../src/dicom/tag.ts";
import { personName, type JsonDataset, type JsonElement } from "./json-dataset.ts";
import { littleEndianValue } from "./native-values.ts";

const binaryVRs = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "UN"]);
const numberVRs = new Set(["DS", "FD", "FL", "IS", "SL", "SS", "UL", "US"]);
/** Text where a backslash is a character (PS3.5 §6.2). */
const wholeTextVRs = new Set(["LT", "ST", "UR", "UT"]);

/** Google's thresholds: larger values are answered by reference, larger sequences left out. */
const maximumInlineBytes = 2048;
const maximumInlineNumbers = 512;
const maximumSequenceBytes = 2 ** 20;

/** The DICOM JSON model (PS3.18 §F.2) of an object; bulk data below the absolute URL `bulkdata`. */
export function metadataModel(parsed: ParsedDicom, bulkdata: string): JsonDataset {
  const model = datasetModel(parsed.dataset, bulkdata);
  if (parsed.pixelDataVR === undefined) return model;
  return { ...model, "7FE00010": { vr: parsed.pixelDataVR, BulkDataURI: `${bulkdata}/7FE00010` } };
}

function datasetModel(dataset: Dataset, path: string): JsonDataset {
  const model: Record<string, JsonElement> = {};
  for (const element of dataset) {
    const tag = tagHex(element.tag);
    const found = elementOf(element.tag) === 0 ? undefined : elementModel(dataset, element, `${path}/${tag}`);
    if (found !== undefined) model[tag] = found;
  }
  return model;
}

function elementModel(dataset: Dataset, element: Element, path: string): JsonElement | undefined {
  const { vr, items, length, value } = element;
  if (items !== undefined) {
    if (length > maximumSequenceBytes) return undefined;
    const found = items.map((item, index) => datasetModel(item, `${path}/${index + 1}`));
    return found.length === 0 ? { vr } : { vr, Value: found };
  }
  if (value === undefined) return length === 0 ? { vr } : { vr, BulkDataURI: path };
  if (value.length === 0) return { vr };
  if (!binaryVRs.has(vr)) return valueModel(dataset, element, path);
  if (value.length > maximumInlineBytes) return { vr, BulkDataURI: path };
  return { vr, InlineBinary: littleEndianValue(dataset, element).toString("base64") };
}

function valueModel(dataset: Dataset, { tag, vr }: Element, path: string): JsonElement {
  if (wholeTextVRs.has(vr)) return { vr, Value: [dataset.text(tag) ?? ""] };
  const texts = dataset.strings(tag);
  if (vr === "PN") return { vr, Value: texts.map(personName) };
  if (!numberVRs.has(vr)) return { vr, Value: texts };
  if (texts.length > maximumInlineNumbers) return { vr, BulkDataURI: path };
  // What is no number stays text, as PS3.18 §F.2.3.1 allows for DS and IS.
  return { vr, Value: texts.map((text) => (Number.isFinite(Number(text)) && text !== "" ? Number(text) : text)) };
}
