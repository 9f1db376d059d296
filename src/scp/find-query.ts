import type { AttributeCondition } from "../archive/find-conditions.ts";
import type { Level } from "../catalog/catalog.ts";
import type { Dataset, Element } from "../dicom/dataset.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { elementOf, isPrivate, type Tag } from "../dicom/tag.ts";
import type { VR } from "../dicom/vr.ts";
import { ServerError } from "../util/errors.ts";
import { levelOf, QueryRetrieveLevel } from "./query-retrieve-level.ts";

/** An attribute that answers have. */
export interface ReturnedAttribute {
  readonly tag: Tag;
  readonly vr: VR;
}

/** What a C-FIND request asks for. */
export interface FindQuery {
  readonly level: Level;
  readonly conditions: readonly AttributeCondition[];
  /** In ascending order; without those that all answers have. */
  readonly returned: readonly ReturnedAttribute[];
  /** Sequences whose items would be conditions: they are returned, and match whatever is in them. */
  readonly unmatchedSequences: readonly Tag[];
}

export interface FindQueryOptions {
  /** `CaseSensitivePN` */
  readonly caseSensitivePN: boolean;
  /** `DefaultPrivateCreator`: of private attributes whose creator is not in the identifier; empty: none. */
  readonly defaultPrivateCreator: string;
}

const SpecificCharacterSet: Tag = 0x00080005;
const RetrieveAETitle: Tag = 0x00080054;
const TimezoneOffsetFromUTC: Tag = 0x00080201;

/** Attributes that say something about the identifier itself: all answers have them, whether asked for or not. */
const ofTheIdentifier: ReadonlySet<Tag> = new Set([SpecificCharacterSet, QueryRetrieveLevel, RetrieveAETitle]);

/** Reads the identifier of a C-FIND request (PS3.4 §C.4.1.1.3). Throws `BadRequest` without a level. */
export function readFindQuery(identifier: Dataset, options: FindQueryOptions): FindQuery {
  const level = levelOf(identifier);
  if (level === undefined) throw new ServerError("BadRequest", "the identifier has no QueryRetrieveLevel");
  const conditions: AttributeCondition[] = [];
  const returned: ReturnedAttribute[] = [];
  const unmatchedSequences: Tag[] = [];
  for (const element of identifier) {
    const { tag, items } = element;
    if (elementOf(tag) === 0 || ofTheIdentifier.has(tag)) continue;
    const vr = lookupTag(tag, identifier.privateCreatorOf(tag) ?? options.defaultPrivateCreator)?.vr ?? element.vr;
    returned.push({ tag, vr });
    if (items !== undefined) {
      if (items.some(({ size }) => size > 0)) unmatchedSequences.push(tag);
    } else if (tag !== TimezoneOffsetFromUTC && !isPrivateCreator(tag)) {
      const value = valueOf(element, identifier);
      if (value !== "") conditions.push({ tag, value, vr, caseSensitive: vr !== "PN" || options.caseSensitivePN });
    }
  }
  return { level, conditions, returned, unmatchedSequences };
}

function isPrivateCreator(tag: Tag): boolean {
  return isPrivate(tag) && elementOf(tag) <= 0xff;
}

/** Of a private attribute that no dictionary has the bytes are taken for text. */
function valueOf({ tag, vr, value }: Element, identifier: Dataset): string {
  const text = identifier.text(tag);
  if (text !== undefined) return text.trim();
  return vr === "UN" && value !== undefined ? identifier.charset.decode(value, "LO").replace(/[\0 ]+$/, "") : "";
}
