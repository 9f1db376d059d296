import type { Level } from "../catalog/catalog.ts";
import { levels } from "../catalog/catalog.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { lookupTag } from "../dicom/dictionary.ts";
import { datasetFromJson } from "../dicom/from-orthanc-json.ts";
import { moduleTags } from "../dicom/module-tags.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import type { Manufacturer } from "./modality.ts";

/** The keys of a query: tags, and the text that their values have to match (PS3.4 §C.2.2.2). */
export type QueryKeys = ReadonlyMap<Tag, string>;

export const queryRetrieveLevel: Tag = 0x00080052;
const specificCharacterSet: Tag = 0x00080005;

/** Values of Query/Retrieve Level (0008,0052) (PS3.4 §C.3). */
export const levelTerms: Readonly<Record<Level, string>> = {
  Patient: "PATIENT",
  Study: "STUDY",
  Series: "SERIES",
  Instance: "IMAGE",
};

/** What each level adds to the keys, so that its resources can be told apart, and retrieved, from the answers. */
const expectedKeys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [0x00100020], // PatientID
  Study: [0x00080050, 0x0020000d], // AccessionNumber, StudyInstanceUID
  Series: [0x0020000e], // SeriesInstanceUID
  Instance: [0x00080018], // SOPInstanceUID
};

/** Keys of a level that are of none of its modules (PS3.4 §C.3.4): NumberOf…Related…, ModalitiesInStudy, SOPClassesInStudy. */
const computedKeys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [0x00201200, 0x00201202, 0x00201204],
  Study: [0x00080061, 0x00080062, 0x00201206, 0x00201208],
  Series: [0x00201209],
  Instance: [],
};

export interface QueryOptions {
  readonly level: Level;
  /** `Normalize`: leave out keys that are foreign to the level. */
  readonly normalize: boolean;
  readonly manufacturer: Manufacturer;
  /** Of the text, unless the keys have SpecificCharacterSet. */
  readonly charset: SpecificCharacterSet;
}

/** The identifier of a C-FIND request, as Orthanc makes it. Throws as `datasetFromJson` for values that cannot be encoded. */
export function queryIdentifier(keys: QueryKeys, options: QueryOptions): Dataset {
  const { level, normalize, manufacturer, charset } = options;
  const sent = new Map<Tag, string>();
  for (const tag of levelsDownTo(level).flatMap((above) => expectedKeys[above])) sent.set(tag, universal(manufacturer));
  for (const [tag, value] of keys) {
    if (!normalize || isKeyOf(level, tag)) sent.set(tag, adapted(tag, value, manufacturer));
  }
  sent.set(queryRetrieveLevel, levelTerms[level]);
  return identifierOf(sent, charset);
}

/** The identifier that has exactly these keys, and the character set that its text is in. */
export function identifierOf(keys: QueryKeys, charset: SpecificCharacterSet): Dataset {
  const tags = Object.fromEntries(Array.from(keys, ([tag, value]) => [tagHex(tag), value]));
  const declared = keys.get(specificCharacterSet) ?? "";
  return datasetFromJson(declared === "" ? { ...tags, [tagHex(specificCharacterSet)]: charset.value } : tags, {
    charset,
  });
}

function levelsDownTo(level: Level): readonly Level[] {
  return levels.slice(0, levels.indexOf(level) + 1);
}

function isKeyOf(level: Level, tag: Tag): boolean {
  return (
    tag === specificCharacterSet ||
    computedKeys[level].includes(tag) ||
    levelsDownTo(level).some((above) => moduleTags[above].has(tag) || expectedKeys[above].includes(tag))
  );
}

/** What matches everything: GE takes an empty UID for one that is wanted. */
function universal(manufacturer: Manufacturer): string {
  return manufacturer === "GE" ? "*" : "";
}

function adapted(tag: Tag, value: string, manufacturer: Manufacturer): string {
  if (value !== "*") return value;
  if (manufacturer === "GenericNoUniversalWildcard") return "";
  return manufacturer === "GenericNoWildcardInDates" && lookupTag(tag)?.vr === "DA" ? "" : value;
}
