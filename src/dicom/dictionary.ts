import { dictionaryText } from "./dictionary.data.ts";
import { lazy } from "./lazy.ts";
import { privateDictionaryText } from "./private-dictionary.data.ts";
import { elementOf, isPrivate, parseTagNumber, tagHex, type Tag } from "./tag.ts";
import { isVR, type VR } from "./vr.ts";

/** An attribute as the data dictionary (PS3.6) has it. */
export interface DictionaryEntry {
  readonly tag: Tag;
  /** Where the standard allows several (`choice`), the one taken when nothing else is known. */
  readonly vr: VR;
  /** DCMTK's mark of attributes with several VRs: `xs` US or SS, `ox` and `px` OB or OW, `lt` US, SS or OW. */
  readonly choice?: "xs" | "ox" | "px" | "lt";
  /** As DCMTK prints it: `PatientName`, `RETIRED_CurveData`; of private attributes the vendor's. */
  readonly keyword: string;
  /** `1`, `1-n`, `2-2n`, … */
  readonly vm: string;
}

/** What DCMTK and Orthanc print for attributes that no dictionary has. */
export const unknownKeyword = "Unknown Tag & Data";

/** Orthanc prints these retired main DICOM tags by their plain keyword. */
const plainKeywords: Readonly<Record<string, string>> = { RETIRED_OtherPatientIDs: "OtherPatientIDs" };

const choices: Readonly<Record<string, VR>> = { xs: "US", ox: "OW", px: "OW", lt: "OW", up: "UL" };

function isChoice(text: string): text is NonNullable<DictionaryEntry["choice"]> {
  return text === "xs" || text === "ox" || text === "px" || text === "lt";
}

/** `line` is `TAG VR VM KEYWORD`; a keyword of an own dictionary may have spaces. */
function entryOf(tag: Tag, line: string): DictionaryEntry {
  const [key = "", code = "UN", vm = "1"] = line.split(" ", 3);
  const keyword = line.slice(key.length + code.length + vm.length + 3);
  const vr = isVR(code) ? code : (choices[code] ?? "UN");
  return { tag, vr, vm, keyword: plainKeywords[keyword] ?? keyword, ...(isChoice(code) ? { choice: code } : {}) };
}

/** What a server knows besides the dictionaries of the standard and of vendors. */
export interface OwnDictionary {
  /** Whether the private attributes of vendors are known. */
  readonly withVendors: boolean;
  /** Later ones replace earlier ones, and those of the standard. */
  readonly attributes: readonly OwnAttribute[];
}

export interface OwnAttribute {
  /** Absent: no private attribute. */
  readonly creator?: string;
  /** `KEY VR VM KEYWORD`. The key is the tag, or a private group and the element within the block (`002910`); `x` is any digit. */
  readonly line: string;
  /** What its keyword stands for; absent: the keyword is for printing only. */
  readonly tag?: Tag;
}

/** All that is looked up; each part is made when it is first needed. */
interface Tables {
  /** Lines by tag; those of repeating groups by their pattern, e.g. `60xx3000`. */
  readonly publicLines: () => { readonly byTag: Map<Tag, string>; readonly byPattern: Map<string, string> };
  /** Lines by creator, then by group and element within the block, e.g. `002910`. */
  readonly privateLines: () => Map<string, Map<string, string>>;
  readonly tagsByKeyword: () => Map<string, Tag>;
  /** Entries that were asked for; never more than the dictionary has. */
  readonly publicEntries: Map<Tag, DictionaryEntry>;
}

let tables = tablesWith({ withVendors: true, attributes: [] });

/** Sets what the whole process knows besides the built-in dictionaries. To be called before anything is read. */
export function setOwnDictionary(own: OwnDictionary): void {
  tables = tablesWith(own);
}

function tablesWith(own: OwnDictionary): Tables {
  const publicLines = lazy(() => readPublicLines(own));
  return {
    publicLines,
    privateLines: lazy(() => readPrivateLines(own)),
    tagsByKeyword: lazy(() => readKeywords(publicLines(), own)),
    publicEntries: new Map(),
  };
}

function readPublicLines({ attributes }: OwnDictionary): ReturnType<Tables["publicLines"]> {
  const byTag = new Map<Tag, string>();
  const byPattern = new Map<string, string>();
  const lines = attributes.flatMap(({ creator, line }) => (creator === undefined ? [line] : []));
  for (const line of [...dictionaryText.split("\n"), ...lines]) {
    const key = line.slice(0, 8);
    if (key.includes("x")) byPattern.set(key, line);
    else byTag.set(Number.parseInt(key, 16), line);
  }
  return { byTag, byPattern };
}

function readPrivateLines({ withVendors, attributes }: OwnDictionary): Map<string, Map<string, string>> {
  const byCreator = new Map<string, Map<string, string>>();
  let block = new Map<string, string>();
  for (const line of withVendors ? privateDictionaryText.split("\n") : []) {
    if (line.startsWith('"')) byCreator.set(line.slice(1), (block = new Map<string, string>()));
    else block.set(line.slice(0, line.indexOf(" ")), line);
  }
  for (const { creator, line } of attributes) {
    if (creator === undefined) continue;
    const ofCreator = byCreator.get(creator) ?? new Map<string, string>();
    byCreator.set(creator, ofCreator.set(line.slice(0, line.indexOf(" ")), line));
  }
  return byCreator;
}

function readKeywords(
  { byTag, byPattern }: ReturnType<Tables["publicLines"]>,
  { attributes }: OwnDictionary,
): Map<string, Tag> {
  const tags = new Map<string, Tag>();
  for (const line of [...byPattern.values(), ...byTag.values()]) {
    tags.set(line.slice(line.lastIndexOf(" ") + 1), Number.parseInt(line.slice(0, 8).replaceAll("x", "0"), 16));
  }
  for (const { line, tag } of attributes) if (tag !== undefined) tags.set(entryOf(tag, line).keyword, tag);
  for (const [keyword, tag] of tags) {
    // Entries that are added here are seen too, and change nothing.
    const plain = keyword.replace(/^RETIRED_/, "");
    if (!tags.has(plain)) tags.set(plain, tag);
  }
  return tags;
}

/** Group lengths and private creators are rules rather than entries (PS3.5 §7.2, §7.8.1). */
function ruleFor(tag: Tag): DictionaryEntry | undefined {
  const element = elementOf(tag);
  if (element === 0) {
    return { tag, vr: "UL", vm: "1", keyword: isPrivate(tag) ? "PrivateGroupLength" : "GenericGroupLength" };
  }
  if (isPrivate(tag) && element >= 0x10 && element <= 0xff) {
    return { tag, vr: "LO", vm: "1", keyword: "PrivateCreator" };
  }
  return undefined;
}

function lookupPrivate(tag: Tag, creator: string): DictionaryEntry | undefined {
  const block = tables.privateLines().get(creator);
  if (block === undefined) return undefined;
  const hex = tagHex(tag).toLowerCase();
  const [group, element] = [hex.slice(0, 4), hex.slice(6)];
  const line =
    block.get(group + element) ?? block.get(group + hex.slice(4)) ?? block.get(`${group.slice(0, 2)}xx${element}`);
  return line === undefined ? undefined : entryOf(tag, line);
}

function lookupPublic(tag: Tag): DictionaryEntry | undefined {
  const known = tables.publicEntries.get(tag);
  if (known !== undefined) return known;
  const { byTag, byPattern } = tables.publicLines();
  const line = byTag.get(tag);
  if (line !== undefined) {
    const entry = entryOf(tag, line);
    tables.publicEntries.set(tag, entry);
    return entry;
  }
  const hex = tagHex(tag).toLowerCase();
  const repeating = byPattern.get(`${hex.slice(0, 2)}xx${hex.slice(4)}`) ?? byPattern.get(`${hex.slice(0, 6)}xx`);
  return repeating === undefined ? undefined : entryOf(tag, repeating);
}

/** The entry of a tag; of a private one (odd group) only together with its creator. Undefined when no dictionary has it. */
export function lookupTag(tag: Tag, privateCreator?: string): DictionaryEntry | undefined {
  if (!isPrivate(tag)) return lookupPublic(tag) ?? ruleFor(tag);
  const rule = ruleFor(tag);
  if (rule !== undefined) return rule;
  return privateCreator === undefined ? undefined : lookupPrivate(tag, privateCreator);
}

/** The tag of a keyword of PS3.6; of retired ones with or without DCMTK's `RETIRED_`. */
export function tagByKeyword(keyword: string): Tag | undefined {
  return tables.tagsByKeyword().get(keyword);
}

/** Reads a keyword or one of the hexadecimal spellings of `parseTagNumber`. */
export function parseTag(text: string): Tag | undefined {
  return parseTagNumber(text) ?? tagByKeyword(text);
}

/** The keyword as Orthanc prints it, `unknownKeyword` for attributes that no dictionary has. */
export function keywordOf(tag: Tag, privateCreator?: string): string {
  return lookupTag(tag, privateCreator)?.keyword ?? unknownKeyword;
}
