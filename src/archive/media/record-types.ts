import type { NewAttribute } from "../../dicom/build-dataset.ts";
import type { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import { conceptModifiers, latestVerification, unnamedConcept } from "./document-keys.ts";

/** An attribute of a directory record, taken from the file that the record is about. */
export interface RecordKey {
  readonly tag: Tag;
  /** 1: must have a value, 2: must be there, 3: copied where the file has it (PS3.5 §7.4). */
  readonly type: 1 | 2 | 3;
  /** What stands in for a missing value of type 1, given the number of the record among those of its parent, from 1. */
  readonly madeUp?: (number: number) => NewAttribute["value"];
  /** Where the value is, when it is not that of `tag` in the file. */
  readonly of?: (file: Dataset) => NewAttribute["value"] | undefined;
  /** Attributes whose value is taken first when that of `tag` is missing. */
  readonly otherwise?: readonly Tag[];
}

/** A kind of directory record (PS3.3 §F.5). */
export interface RecordType {
  /** Directory Record Type (0004,1430). */
  readonly name: string;
  readonly keys: readonly RecordKey[];
}

/** The type whose records say by a UID what they are (Private Record UID (0004,1432)). */
export const privateType = "PRIVATE";

const noDate = "19000101";
const noTime = "000000";

const required = (tag: Tag, madeUp: NewAttribute["value"], otherwise: readonly Tag[] = []): RecordKey => ({
  tag,
  type: 1,
  madeUp: () => madeUp,
  otherwise,
});
const numbered = (tag: Tag, prefix = ""): RecordKey => ({ tag, type: 1, madeUp: (number) => `${prefix}${number}` });
const mayBeEmpty = (tag: Tag): RecordKey => ({ tag, type: 2 });
const optional = (tag: Tag): RecordKey => ({ tag, type: 3 });

const instanceNumber = numbered(0x00200013);
/** Dates and times of a file, the nearest to its content first. */
const content = [
  required(0x00080023, noDate, [0x00080022, 0x00080012, 0x00080021, 0x00080020]),
  required(0x00080033, noTime, [0x00080032, 0x00080013, 0x00080031, 0x00080030]),
];
/** Content Identification Macro (PS3.3 Table 10-12). */
const contentIdentification = [
  instanceNumber,
  required(0x00700080, "UNNAMED"),
  mayBeEmpty(0x00700081),
  mayBeEmpty(0x00700084),
];
/** Of a report: its title, and what modifies it. */
const title: readonly RecordKey[] = [
  required(0x0040a043, [unnamedConcept]),
  { tag: 0x0040a730, type: 3, of: conceptModifiers },
];

export const patientRecord: RecordType = {
  name: "PATIENT",
  keys: [mayBeEmpty(0x00100010), numbered(0x00100020, "UNKNOWN")],
};

export const studyRecord: RecordType = {
  name: "STUDY",
  keys: [
    required(0x00080020, noDate, [0x00080021, 0x00080022, 0x00080023, 0x00080012]),
    required(0x00080030, noTime, [0x00080031, 0x00080032, 0x00080033, 0x00080013]),
    mayBeEmpty(0x00080050),
    mayBeEmpty(0x00081030),
    required(0x0020000d, ""),
    numbered(0x00200010),
  ],
};

export const seriesRecord: RecordType = {
  name: "SERIES",
  keys: [required(0x00080060, "OT"), required(0x0020000e, ""), numbered(0x00200011)],
};

/**
 * Keys that readers of general-purpose media like to show and the standard does not ask for (`extended`): those of the profiles for
 * angiography, CT and MR (PS3.11 §D.3.3, §E.3.3), and descriptions.
 */
export const extendedKeys: Readonly<Record<string, readonly RecordKey[]>> = {
  PATIENT: [0x00100030, 0x00100040].map(optional),
  STUDY: [0x00080061, 0x00080090].map(optional),
  SERIES: [0x00080080, 0x00080081, 0x00081050, 0x0008103e, 0x00180015, 0x00181030].map(optional),
  IMAGE: [
    0x00180050, 0x00200032, 0x00200037, 0x00200052, 0x00200200, 0x00204000, 0x00280008, 0x00280010, 0x00280011,
    0x00280030,
  ].map(optional),
};

const imageRecord: RecordType = { name: "IMAGE", keys: [optional(0x00080008), optional(0x00081140), instanceNumber] };

/** What a file of an unknown class without pixel data gets (PS3.3 §F.5.16). */
const privateRecord: RecordType = { name: privateType, keys: [] };

const recordTypes = {
  doc: {
    name: "SR DOCUMENT",
    keys: [
      instanceNumber,
      ...content,
      required(0x0040a491, "PARTIAL"),
      required(0x0040a493, "UNVERIFIED"),
      { tag: 0x0040a030, type: 3, of: latestVerification },
      ...title,
    ],
  },
  keyObject: { name: "KEY OBJECT DOC", keys: [instanceNumber, ...content, ...title] },
  presentation: {
    name: "PRESENTATION",
    keys: [
      ...contentIdentification,
      required(0x00700082, noDate, [0x00080012]),
      required(0x00700083, noTime, [0x00080013]),
      optional(0x00081115),
      optional(0x00700402),
    ],
  },
  waveform: { name: "WAVEFORM", keys: [instanceNumber, ...content] },
  dose: { name: "RT DOSE", keys: [instanceNumber, required(0x3004000a, "PLAN")] },
  structureSet: {
    name: "RT STRUCTURE SET",
    keys: [instanceNumber, required(0x30060002, "UNNAMED"), mayBeEmpty(0x30060008), mayBeEmpty(0x30060009)],
  },
  plan: {
    name: "RT PLAN",
    keys: [instanceNumber, required(0x300a0002, "UNNAMED"), mayBeEmpty(0x300a0006), mayBeEmpty(0x300a0007)],
  },
  treatment: { name: "RT TREAT RECORD", keys: [instanceNumber, mayBeEmpty(0x30080250), mayBeEmpty(0x30080251)] },
  radiotherapy: {
    name: "RADIOTHERAPY",
    keys: [instanceNumber, optional(0x30100033), optional(0x30100034), mayBeEmpty(0x00700081), mayBeEmpty(0x00700084)],
  },
  deliveryPlan: { name: "PLAN", keys: [...content] },
  spectroscopy: {
    name: "SPECTROSCOPY",
    keys: [
      required(0x00080008, "ORIGINAL\\PRIMARY\\SPECTROSCOPY\\NONE"),
      ...content,
      instanceNumber,
      optional(0x00089092),
      required(0x00280008, "1"),
      required(0x00280010, "1"),
      required(0x00280011, "1"),
      required(0x00289001, "1"),
      required(0x00289002, "1"),
    ],
  },
  rawData: { name: "RAW DATA", keys: [...content, mayBeEmpty(0x00200013)] },
  registration: { name: "REGISTRATION", keys: [...content, ...contentIdentification] },
  fiducial: { name: "FIDUCIAL", keys: [...content, ...contentIdentification] },
  valueMap: { name: "VALUE MAP", keys: [...content, ...contentIdentification] },
  stereometric: { name: "STEREOMETRIC", keys: [] },
  measurement: { name: "MEASUREMENT", keys: [instanceNumber, ...content] },
  surface: { name: "SURFACE", keys: [...content, ...contentIdentification] },
  surfaceScan: { name: "SURFACE SCAN", keys: [...content] },
  tract: { name: "TRACT", keys: [...content, ...contentIdentification] },
  assessment: { name: "ASSESSMENT", keys: [instanceNumber, ...content] },
  annotation: { name: "ANNOTATION", keys: [...content, ...contentIdentification] },
  document: {
    name: "ENCAP DOC",
    keys: [
      mayBeEmpty(0x00080023),
      mayBeEmpty(0x00080033),
      instanceNumber,
      mayBeEmpty(0x00420010),
      mayBeEmpty(0x0040a043),
      optional(0x0040e001),
      required(0x00420012, "application/octet-stream"),
    ],
  },
  overlay: { name: "OVERLAY", keys: [numbered(0x00200022)] },
  curve: { name: "CURVE", keys: [numbered(0x00200024)] },
  modalityLut: { name: "MODALITY LUT", keys: [numbered(0x00200026)] },
  voiLut: { name: "VOI LUT", keys: [numbered(0x00200026)] },
} as const satisfies Record<string, RecordType>;

const storage = "1.2.840.10008.5.1.4.1.1.";

/** SOP classes and what their records are, classes that begin alike by a dot at the end (PS3.3 Table F.4-1); the longest one counts. */
const classes: Readonly<Record<string, RecordType>> = {
  [`${storage}8`]: recordTypes.overlay,
  [`${storage}9`]: recordTypes.curve,
  [`${storage}9.`]: recordTypes.waveform,
  [`${storage}10`]: recordTypes.modalityLut,
  [`${storage}11`]: recordTypes.voiLut,
  [`${storage}11.`]: recordTypes.presentation,
  [`${storage}131`]: recordTypes.presentation,
  [`${storage}4.2`]: recordTypes.spectroscopy,
  [`${storage}66`]: recordTypes.rawData,
  [`${storage}66.1`]: recordTypes.registration,
  [`${storage}66.2`]: recordTypes.fiducial,
  [`${storage}66.3`]: recordTypes.registration,
  [`${storage}66.5`]: recordTypes.surface,
  [`${storage}66.6`]: recordTypes.tract,
  [`${storage}67`]: recordTypes.valueMap,
  [`${storage}68.1`]: recordTypes.surfaceScan,
  [`${storage}68.2`]: recordTypes.surfaceScan,
  [`${storage}77.1.5.3`]: recordTypes.stereometric,
  [`${storage}78.`]: recordTypes.measurement,
  [`${storage}78.6`]: recordTypes.doc,
  [`${storage}79.1`]: recordTypes.doc,
  [`${storage}80.1`]: recordTypes.measurement,
  [`${storage}88.`]: recordTypes.doc,
  [`${storage}88.59`]: recordTypes.keyObject,
  [`${storage}90.1`]: recordTypes.assessment,
  [`${storage}91.1`]: recordTypes.annotation,
  [`${storage}104.`]: recordTypes.document,
  [`${storage}481.`]: recordTypes.radiotherapy,
  [`${storage}481.1`]: imageRecord,
  [`${storage}481.2`]: recordTypes.dose,
  [`${storage}481.3`]: recordTypes.structureSet,
  [`${storage}481.4`]: recordTypes.treatment,
  [`${storage}481.5`]: recordTypes.plan,
  [`${storage}481.6`]: recordTypes.treatment,
  [`${storage}481.7`]: recordTypes.treatment,
  [`${storage}481.8`]: recordTypes.plan,
  [`${storage}481.9`]: recordTypes.treatment,
  [`${storage}481.23`]: imageRecord,
  [`${storage}481.24`]: imageRecord,
  "1.2.840.10008.5.1.4.34.7": recordTypes.deliveryPlan,
  "1.2.840.10008.5.1.4.34.10": recordTypes.deliveryPlan,
};

const families = Object.entries(classes)
  .filter(([prefix]) => prefix.endsWith("."))
  .toSorted(([left], [right]) => right.length - left.length);

const standardRoot = "1.2.840.10008.";

/** The record of a file, by its SOP class. The standard's classes that are not in the table are images, private ones if they have pixel data. */
export function recordTypeOf(sopClass: string, hasPixelData: boolean): RecordType {
  const known = classes[sopClass] ?? families.find(([prefix]) => sopClass.startsWith(prefix))?.[1];
  return known ?? (sopClass.startsWith(standardRoot) || hasPixelData ? imageRecord : privateRecord);
}
