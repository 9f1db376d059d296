import { ServerError } from "../util/errors.ts";
import { textMatcher, type TextMatch } from "../util/text-match.ts";
import { attributeMatch } from "./attribute-match.ts";
import { buildElement } from "./build-dataset.ts";
import { Dataset, type Element } from "./dataset.ts";
import { keywordOf, lookupTag } from "./dictionary.ts";
import { elementOf, isPrivate, type Tag } from "./tag.ts";
import { periodMatcher, timeMatcher } from "./time-match.ts";
import type { VR } from "./vr.ts";

export interface WorklistMatchOptions {
  /** `CaseSensitivePN`; other attributes are always compared with regard to case. */
  readonly caseSensitivePersonNames: boolean;
}

/** The answer for a worklist that matches: the attributes that the query has, in the encoding of the worklist. Undefined: no match. */
export type WorklistMatcher = (worklist: Dataset) => Dataset | undefined;

/** The keys of a query, or of the item of one of its sequences. */
interface Keys {
  readonly constraints: readonly Constraint[];
  readonly sequences: readonly SequenceKey[];
  /** Attributes to return besides the sequences. */
  readonly returned: readonly Tag[];
}

type Constraint = (dataset: Dataset) => boolean;

interface SequenceKey {
  readonly tag: Tag;
  /** Undefined: matches everything and is returned as a whole. */
  readonly item: Keys | undefined;
}

/** What is asked of an attribute. */
interface Asked {
  readonly tag: Tag;
  readonly vr: VR;
  readonly match: TextMatch;
}

const specificCharacterSet: Tag = 0x00080005;
const startDate: Tag = 0x00400002; // ScheduledProcedureStepStartDate
const startTime: Tag = 0x00400003; // ScheduledProcedureStepStartTime

/** Keys that say something about the query itself. */
const notMatched: ReadonlySet<Tag> = new Set<Tag>([
  specificCharacterSet,
  0x00080052, // QueryRetrieveLevel
  0x00080201, // TimezoneOffsetFromUTC
]);

/**
 * Hierarchical matching of worklists (PS3.4 §K.4.1.1, §C.2.2.2), in Orthanc's way: an attribute that is absent meets no condition, but an
 * absent sequence meets any. Texts are compared as they read, whatever their character sets. Throws `BadRequest` for a sequence of
 * several items, `ParameterOutOfRange` for wildcards where the VR has none.
 */
export function worklistMatcher(query: Dataset, options: WorklistMatchOptions): WorklistMatcher {
  const keys = keysOf(query, options);
  return (worklist) => (matches(keys, worklist) ? withCharset(answer(keys, worklist)) : undefined);
}

function keysOf(query: Dataset, options: WorklistMatchOptions): Keys {
  const elements = [...query].filter(({ tag }) => elementOf(tag) !== 0);
  const plain = elements.filter(({ items }) => items === undefined);
  const asked = plain.map((element) => askedOf(element, query)).filter((one) => one !== undefined);
  return {
    constraints: constraintsOf(asked, options),
    sequences: elements.flatMap(({ tag, items }) =>
      items === undefined ? [] : [{ tag, item: itemKeys(tag, items, options) }],
    ),
    returned: plain.map(({ tag }) => tag),
  };
}

function itemKeys(tag: Tag, items: readonly Dataset[], options: WorklistMatchOptions): Keys | undefined {
  if (items.length > 1) {
    throw new ServerError("BadRequest", `${keywordOf(tag)}: a sequence of a query has at most one item`);
  }
  const [item] = items;
  return item === undefined || item.size === 0 ? undefined : keysOf(item, options);
}

/** Undefined for keys that match everything: empty ones, and bytes of unknown meaning. */
function askedOf({ tag, vr: given }: Element, query: Dataset): Asked | undefined {
  const isPrivateCreator = isPrivate(tag) && elementOf(tag) <= 0xff;
  if (isPrivateCreator || notMatched.has(tag)) return undefined;
  const value = query.text(tag);
  const vr = given === "UN" ? (lookupTag(tag, query.privateCreatorOf(tag))?.vr ?? "UN") : given;
  const match = value === undefined ? undefined : attributeMatch(tag, value, vr);
  return match === undefined ? undefined : { tag, vr, match };
}

function constraintsOf(asked: readonly Asked[], options: WorklistMatchOptions): readonly Constraint[] {
  const dates = asked.find(({ tag }) => tag === startDate)?.match;
  const times = asked.find(({ tag }) => tag === startTime)?.match;
  if (dates?.match !== "range" || times?.match !== "range") return asked.map((one) => constraintOf(one, options));
  const others = asked.filter(({ tag }) => tag !== startDate && tag !== startTime);
  const isInPeriod = periodMatcher(dates, times);
  const period: Constraint = (dataset) => isInPeriod(dataset.text(startDate) ?? "", dataset.text(startTime) ?? "");
  return [period, ...others.map((one) => constraintOf(one, options))];
}

function constraintOf({ tag, vr, match }: Asked, { caseSensitivePersonNames }: WorklistMatchOptions): Constraint {
  const accepts =
    vr === "DA" || vr === "TM" ? timeMatcher(vr, match) : textMatcher(match, vr !== "PN" || caseSensitivePersonNames);
  return (dataset) => dataset.has(tag) && accepts(dataset.strings(tag).join("\\"));
}

function matches(keys: Keys, dataset: Dataset): boolean {
  return (
    keys.constraints.every((isMet) => isMet(dataset)) &&
    keys.sequences.every(({ tag, item }) => matchesSequence(item, dataset.get(tag)?.items))
  );
}

function matchesSequence(item: Keys | undefined, items: readonly Dataset[] | undefined): boolean {
  if (item === undefined || items === undefined || isUniversal(item)) return true;
  return items.some((candidate) => matches(item, candidate));
}

/** Whether the keys match everything (PS3.4 §C.2.2.2.3). */
function isUniversal({ constraints, sequences }: Keys): boolean {
  return constraints.length === 0 && sequences.every(({ item }) => item === undefined || isUniversal(item));
}

function answer(keys: Keys, dataset: Dataset): Dataset {
  const elements = new Map<Tag, Element>();
  for (const tag of [specificCharacterSet, ...keys.returned]) {
    const element = dataset.get(tag);
    if (element !== undefined) elements.set(tag, element);
  }
  for (const { tag, item } of keys.sequences) {
    const element = dataset.get(tag);
    if (element?.items !== undefined) elements.set(tag, { ...element, items: answeredItems(item, element.items) });
  }
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}

function answeredItems(keys: Keys | undefined, items: readonly Dataset[]): readonly Dataset[] {
  if (keys === undefined) return items;
  return items.filter((item) => matches(keys, item)).map((item) => answer(keys, item));
}

/** Declares the character set that a worklist has by the server's default. */
function withCharset(dataset: Dataset): Dataset {
  const { charset, littleEndian } = dataset;
  if (dataset.has(specificCharacterSet) || charset.value === "") return dataset;
  const declaration = buildElement({ tag: specificCharacterSet, value: charset.value }, { littleEndian, charset });
  return new Dataset(new Map(dataset.elements).set(specificCharacterSet, declaration), littleEndian, charset);
}
