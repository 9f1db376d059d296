import { Dataset, type Element } from "../../dicom/dataset.ts";
import { explicitLittleEndian, transferSyntax } from "../../dicom/transfer-syntaxes.ts";
import { ServerError } from "../../util/errors.ts";
import { tagWithComma } from "../../dicom/tag.ts";
import { streamDicom, type ReadValue } from "../stream-dataset.ts";
import { modifyDataset } from "./apply.ts";
import type { Identifiers } from "./identifiers.ts";
import type { Plan } from "./modification.ts";
import { isLocalised } from "./recode.ts";
import { openSource, type SourceParts, type WantedSyntax } from "./source-file.ts";
import { targetCharset } from "./target-charset.ts";
import { isUnknownSequence } from "./unknown-sequence.ts";

/** What a new instance is made of. */
export interface ModifiedInstance {
  readonly instance: string;
  readonly plan: Plan;
  readonly identifiers: Identifiers;
  readonly wanted?: WantedSyntax | undefined;
}

const SOPClassUID = 0x00080016;
const PixelData = 0x7fe00010;
/** Values that have to be looked into are read up to this size, in bytes. */
const longestReadValue = 16 << 20;

/**
 * The file of a modified instance. Nothing is read before the first chunk is asked for; large values flow through. The chunks throw
 * as `openSource`, `modifyDataset` and `streamDicom`.
 */
export async function* modifiedFile(
  parts: SourceParts,
  { instance, plan, identifiers, wanted }: ModifiedInstance,
): AsyncGenerator<Uint8Array, void, void> {
  await using source = await openSource(parts, instance, wanted);
  const { readValue, transferSyntaxUID } = source;
  const modification = plan(source.dataset.text(SOPClassUID) ?? "");
  const isRecoded = targetCharset(source.dataset, modification) !== undefined;
  const isLookedInto = (element: Element, dataset: Dataset): boolean =>
    (isRecoded && isLocalised(element, dataset)) || (modification.nested !== undefined && isUnknownSequence(element));
  const readable = await withValues(source.dataset, readValue, isLookedInto);
  const dataset = modifyDataset(readable, modification, identifiers);
  yield* streamDicom({ dataset, readValue }, fittingSyntax(dataset, transferSyntaxUID));
}

/** Pixel data that were replaced are native, whatever the file's were. */
function fittingSyntax(dataset: Dataset, transferSyntaxUID: string): string {
  const pixelData = dataset.get(PixelData);
  const isNative = pixelData !== undefined && pixelData.fragments === undefined && pixelData.length > 0;
  const isEncapsulated = transferSyntax(transferSyntaxUID)?.encapsulated === true;
  return isNative && isEncapsulated ? explicitLittleEndian.uid : transferSyntaxUID;
}

type Predicate = (element: Element, dataset: Dataset) => boolean;

/** The dataset with those values that were left in the file and are wanted. */
async function withValues(dataset: Dataset, readValue: ReadValue, isWanted: Predicate): Promise<Dataset> {
  if (!lacksValues(dataset, isWanted)) return dataset;
  const elements: Element[] = [];
  for (const element of dataset) {
    const { tag, vr, offset, length, items } = element;
    if (isMissing(element) && isWanted(element, dataset)) {
      elements.push({ tag, vr, offset, length, value: await readWhole(element, readValue) });
    } else if (items === undefined) {
      elements.push(element);
    } else {
      const whole: Dataset[] = [];
      for (const item of items) whole.push(await withValues(item, readValue, isWanted));
      elements.push({ tag, vr, offset, length, items: whole });
    }
  }
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}

function lacksValues(dataset: Dataset, isWanted: Predicate): boolean {
  return [...dataset].some(
    (element) =>
      (isMissing(element) && isWanted(element, dataset)) ||
      element.items?.some((item) => lacksValues(item, isWanted)) === true,
  );
}

function isMissing({ value, items, fragments, length }: Element): boolean {
  return value === undefined && items === undefined && fragments === undefined && length > 0;
}

async function readWhole({ tag, offset, length }: Element, readValue: ReadValue): Promise<Buffer> {
  if (length > longestReadValue) {
    throw new ServerError("NotImplemented", `${tagWithComma(tag)} has ${length} bytes, too many to look into`);
  }
  return Buffer.concat(await Array.fromAsync(readValue({ start: offset, end: offset + length })));
}
