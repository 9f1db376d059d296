import { describeFailureReason } from "./stow-failure-reasons.ts";

/** What a server says it did with the instances of one POST (PS3.18 §10.5.3). */
export interface StowAnswer {
  /** Items of the Referenced SOP Sequence (0008,1199). */
  readonly storedCount: number;
  /** Their SOP instance UIDs, where given. */
  readonly storedUids: ReadonlySet<string>;
  /** Items of the Failed SOP Sequence (0008,1198) and the Other Failures Sequence (0008,119A). */
  readonly failures: readonly StowFailure[];
}

export interface StowFailure {
  /** Google leaves it out. */
  readonly SOPInstanceUID?: string;
  /** In words. */
  readonly reason: string;
}

type JsonDataset = Readonly<Record<string, unknown>>;

/**
 * Reads the dataset of an answer in the DICOM JSON model; undefined when it is none, that is when it has neither stored nor
 * failed instances.
 */
export function parseStowAnswer(dataset: unknown): StowAnswer | undefined {
  if (!isDataset(dataset)) return undefined;
  const sequences = ["00081199", "00081198", "0008119A"].map((tag) => sequence(dataset, tag));
  if (sequences.every((items) => items === undefined)) return undefined;
  const [stored = [], failed = [], others = []] = sequences;
  return {
    storedCount: stored.length,
    storedUids: new Set(stored.flatMap((item) => text(item, "00081155") ?? [])),
    failures: [...failed, ...others].map(stowFailure),
  };
}

function stowFailure(item: JsonDataset): StowFailure {
  const uid = text(item, "00081155");
  const code = Number(values(item, "00081197")?.[0] ?? Number.NaN);
  const words = [Number.isNaN(code) ? undefined : describeFailureReason(code), failureDetail(item)];
  const reason = words.filter((word) => word !== undefined).join(": ");
  return {
    ...(uid === undefined ? {} : { SOPInstanceUID: uid }),
    reason: reason === "" ? "no reason given" : reason,
  };
}

/** Google's FailureDetail: element 97 of its private block, (0009,0097) in XML, (0009,1097) in JSON. */
function failureDetail(item: JsonDataset): string | undefined {
  const tag = Object.keys(item).find((key) => /^0009..97$/.test(key));
  return tag === undefined ? undefined : text(item, tag);
}

function text(item: JsonDataset, tag: string): string | undefined {
  const [value] = values(item, tag) ?? [];
  const trimmed = typeof value === "string" ? value.replaceAll("\0", "").trim() : "";
  return trimmed === "" ? undefined : trimmed;
}

/** Undefined when the sequence is absent. */
function sequence(dataset: JsonDataset, tag: string): readonly JsonDataset[] | undefined {
  return dataset[tag] === undefined && dataset[tag.toLowerCase()] === undefined
    ? undefined
    : (values(dataset, tag) ?? []).filter(isDataset);
}

/** Tags in lower case are seen in the field. */
function values(dataset: JsonDataset, tag: string): readonly unknown[] | undefined {
  const element = dataset[tag] ?? dataset[tag.toLowerCase()];
  const value = isDataset(element) ? element["Value"] : undefined;
  return Array.isArray(value) ? value : undefined;
}

function isDataset(value: unknown): value is JsonDataset {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
