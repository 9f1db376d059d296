import type { Catalog, Level } from "../../catalog/catalog.ts";
import { buildElement } from "../../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { moduleTags } from "../../dicom/module-tags.ts";
import type { Tag } from "../../dicom/tag.ts";
import { generateUid } from "../../dicom/uid.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive } from "../archive.ts";
import { recode } from "../modify/recode.ts";

export interface BaseParts {
  readonly catalog: Pick<Catalog, "find" | "levelOf">;
  readonly archive: Pick<Archive, "header">;
}

/** What a new instance begins with, before its own tags. */
export interface Base {
  readonly elements: ReadonlyMap<Tag, Element>;
  /** Those of the elements that only `Force` may change. */
  readonly fixed: ReadonlySet<Tag>;
}

/** The resource that new instances are to belong to, and what they have from it. */
export interface Parent {
  readonly level: Exclude<Level, "Instance">;
  readonly inherited: Dataset;
}

const SpecificCharacterSetTag: Tag = 0x00080005;
const SOPInstanceUID: Tag = 0x00080018;
const PatientID: Tag = 0x00100020;

/** The modules that new instances have from a parent (PS3.3 §A.1). */
const inheritedModules = {
  Patient: [moduleTags.Patient],
  Study: [moduleTags.Patient, moduleTags.Study],
  Series: [moduleTags.Patient, moduleTags.Study, moduleTags.Series],
} as const;

/** Identifiers that are new below a parent of the level; below none, PatientID is new too. */
const newUids = {
  None: [0x0020000d, 0x0020000e],
  Patient: [0x0020000d, 0x0020000e],
  Study: [0x0020000e],
  Series: [],
} as const;

/** Dates and times of the creation, with the time in the tag that follows the date's. */
const dates = {
  always: [
    [0x00080012, 0x00080013],
    [0x00080022, 0x00080032],
    [0x00080023, 0x00080033],
  ],
  newSeries: [[0x00080021, 0x00080031]],
  newStudy: [[0x00080020, 0x00080030]],
} as const satisfies Record<string, readonly (readonly [Tag, Tag])[]>;

const dateTags: ReadonlySet<Tag> = new Set(Object.values(dates).flat(2));

/** Reads what new instances have from a parent: from one of its instances. Throws `CreateDicomBadParent`, `CreateDicomParentIsInstance`. */
export async function readParent({ catalog, archive }: BaseParts, publicId: string): Promise<Parent> {
  const level = await catalog.levelOf(publicId);
  if (level === "Instance") throw new ServerError("CreateDicomParentIsInstance", publicId);
  const [found] =
    level === undefined ? [] : await catalog.find({ level, publicIds: [publicId], include: { oneInstance: true } });
  const header = found?.oneInstance === undefined ? undefined : await archive.header(found.oneInstance);
  if (level === undefined || header === undefined) throw new ServerError("CreateDicomBadParent", publicId);
  const { dataset } = header;
  const shared = [...dataset].filter(({ tag }) => inheritedModules[level].some((module) => module.has(tag)));
  return { level, inherited: new Dataset(shared, dataset.littleEndian, dataset.charset) };
}

/** What new instances begin with: what the parent gives, new identifiers, and the time of their creation, UTC, where one is given. */
export function newBase(parent: Parent | undefined, charset: SpecificCharacterSet, created: Date | undefined): Base {
  const inherited = parent === undefined ? [] : [...recode(parent.inherited, charset)];
  const elements = new Map(inherited.map((element) => [element.tag, element]));
  const set = (tag: Tag, value: string): void => {
    const encoding = { littleEndian: true, charset: SpecificCharacterSet.default };
    elements.set(tag, buildElement({ tag, value }, encoding));
  };
  for (const tag of newUids[parent?.level ?? "None"]) set(tag, generateUid());
  if (parent === undefined) set(PatientID, crypto.randomUUID());
  const values = [...elements.values()].filter(({ items }) => items === undefined);
  const fixed = new Set<Tag>(values.map(({ tag }) => tag).filter((tag) => tag !== PatientID && !dateTags.has(tag)));
  fixed.add(SOPInstanceUID).delete(SpecificCharacterSetTag);
  for (const [dateTag, timeTag] of datesBelow(parent?.level)) {
    if (created === undefined) break;
    const [date = "", time = ""] = created.toISOString().replace("Z", "000").replaceAll(/[-:]/g, "").split("T");
    set(dateTag, date);
    set(timeTag, time);
  }
  if (charset.value === "") elements.delete(SpecificCharacterSetTag);
  else set(SpecificCharacterSetTag, charset.value);
  return { elements, fixed };
}

function datesBelow(level: Parent["level"] | undefined): readonly (readonly [Tag, Tag])[] {
  if (level === "Series") return dates.always;
  return level === "Study" ? [...dates.always, ...dates.newSeries] : Object.values(dates).flat();
}
