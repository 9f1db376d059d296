import { Dataset, type Element } from "../../dicom/dataset.ts";
import { padded } from "../../dicom/encode-value.ts";
import { groupOf, type Tag } from "../../dicom/tag.ts";
import { dummyElement } from "./dummy-element.ts";
import { editItems } from "./edit-items.ts";
import type { Identifiers } from "./identifiers.ts";
import { actionFor, type Action, keyTags, type Modification, type Rules } from "./modification.ts";
import { ownIdentifiers, type OwnIdentifiers } from "./own-identifiers.ts";
import { recode } from "./recode.ts";
import { replaceAttribute } from "./replacement.ts";
import { matchesPath, type PathStep } from "./tag-path.ts";
import { specificCharacterSet, targetCharset } from "./target-charset.ts";
import { isUnknownSequence, itemsOf } from "./unknown-sequence.ts";

/** What is needed on the way through one dataset. */
interface Walk {
  readonly modification: Modification;
  readonly identifiers: OwnIdentifiers;
}

/**
 * The dataset after a modification. The order is Orthanc's: what the rules say of the attributes of the dataset and of those in its
 * sequences, the replacements, then the removals and replacements deep in sequences. Everything else keeps its bytes; values that
 * were left in a file stay there. Throws as `targetCharset` and `datasetFromJson`.
 */
export function modifyDataset(source: Dataset, modification: Modification, identifiers: Identifiers): Dataset {
  const charset = targetCharset(source, modification);
  const dataset = charset === undefined ? source : recode(source, charset);
  const walk: Walk = { modification, identifiers: ownIdentifiers(dataset, modification, identifiers) };
  const elements = new Map<Tag, Element>();
  const patientId = mappedPatientId(dataset, walk);
  if (patientId !== undefined) elements.set(patientId.tag, patientId);
  for (const element of dataset) {
    const action = actionFor(modification.root, element.tag);
    const changed = changedElement(element, dataset, action, walk);
    const isWhole = changed === undefined || action?.kind === "keep";
    const whole = isWhole ? changed : withChangedItems(changed, dataset, [], walk);
    if (whole !== undefined) elements.set(whole.tag, whole);
  }
  if (modification.nested !== undefined) removeEmptyOverlays(elements, dataset);
  const { littleEndian } = dataset;
  const replaced = { elements, littleEndian, charset: dataset.charset, privateCreator: modification.privateCreator };
  for (const { tag, value } of replacements(modification.root)) replaceAttribute(replaced, tag, value);
  return editItems(new Dataset(elements, littleEndian, dataset.charset), modification);
}

/** An instance without PatientID gets one too. */
function mappedPatientId(dataset: Dataset, { modification, identifiers }: Walk): Element | undefined {
  const isMapped = modification.root.actions.get(keyTags.PatientID)?.kind === "map";
  if (!isMapped || dataset.has(keyTags.PatientID)) return undefined;
  return textElement({ tag: keyTags.PatientID, vr: "LO" }, identifiers.patientId(""));
}

/** What the user wants attributes to be, in ascending order, so that the creators of private ones come first. */
function replacements({ actions }: Rules): readonly { readonly tag: Tag; readonly value: unknown }[] {
  return [...actions]
    .flatMap(([tag, action]) => {
      const isElsewhere = groupOf(tag) === 2 || tag === specificCharacterSet;
      return action.kind === "replace" && !isElsewhere ? [{ tag, value: action.value }] : [];
    })
    .toSorted((left, right) => left.tag - right.tag);
}

/** The element after `action`; undefined when it goes. */
function changedElement(
  element: Element,
  dataset: Dataset,
  action: Action | undefined,
  walk: Walk,
): Element | undefined {
  if (action?.kind === "remove") return undefined;
  if (action?.kind === "clear") return cleared(element);
  if (action?.kind === "dummy") return element.length === 0 ? element : dummyElement(element);
  return action?.kind === "map" ? mapped(element, dataset, action.onlyOwn === true, walk) : element;
}

function cleared({ tag, vr, items }: Element): Element {
  const place = { tag, offset: 0, length: 0 };
  return items === undefined ? { ...place, vr, value: Buffer.alloc(0) } : { ...place, vr, items: [] };
}

/** An overlay whose data were removed goes with all that describes it. */
function removeEmptyOverlays(elements: Map<Tag, Element>, before: Dataset): void {
  for (const { tag } of before) {
    const overlayData = (tag & 0xffff0000) + 0x3000;
    if (tag >>> 24 === 0x60 && before.has(overlayData) && !elements.has(overlayData)) elements.delete(tag);
  }
}

function mapped(element: Element, dataset: Dataset, onlyOwn: boolean, { identifiers }: Walk): Element {
  const { tag } = element;
  if (tag === keyTags.PatientID) return textElement(element, identifiers.patientId(dataset.text(tag) ?? ""));
  const values = dataset.strings(tag);
  const isLeft = (value: string): boolean => value === "" || (onlyOwn && !identifiers.isOwn(value));
  if (values.every(isLeft)) return element;
  return textElement(element, values.map((value) => (isLeft(value) ? value : identifiers.uid(value))).join("\\"));
}

/** An element with a text in the default repertoire. */
function textElement({ tag, vr }: Pick<Element, "tag" | "vr">, text: string): Element {
  const value = padded(Buffer.from(text, "latin1"), vr);
  return { tag, vr, offset: 0, length: value.length, value };
}

/**
 * The element with its items after the rules for sequences. A sequence that is declared as bytes and cannot be read is undefined:
 * what is in it would escape the rules.
 */
function withChangedItems(
  element: Element,
  dataset: Dataset,
  steps: readonly PathStep[],
  walk: Walk,
): Element | undefined {
  const { nested } = walk.modification;
  if (nested === undefined) return element;
  const items = itemsOf(element, dataset);
  if (items === undefined) return isUnknownSequence(element) && element.length > 0 ? undefined : element;
  const { tag, offset, length } = element;
  const changed = items.map((item, index) => changedItem(item, [...steps, { tag, index }], nested, walk));
  return { tag, vr: "SQ", offset, length, items: changed };
}

function changedItem(item: Dataset, steps: readonly PathStep[], rules: Rules, walk: Walk): Dataset {
  const { keptPaths } = walk.modification;
  const elements: Element[] = [];
  for (const element of item) {
    const { tag } = element;
    const isKept = keptPaths.some((path) => matchesPath(path, { steps, tag }));
    const changed = isKept ? element : changedElement(element, item, actionFor(rules, tag), walk);
    const whole = changed === undefined || isKept ? changed : withChangedItems(changed, item, steps, walk);
    if (whole !== undefined) elements.push(whole);
  }
  return new Dataset(elements, item.littleEndian, item.charset);
}
