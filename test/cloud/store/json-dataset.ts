/** One attribute in the DICOM JSON model (PS3.18 §F.2). */
export interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly (string | number | JsonPersonName | JsonDataset)[];
  readonly BulkDataURI?: string;
  readonly InlineBinary?: string;
}

/** PS3.18 §F.2.2: one name by its groups. */
export interface JsonPersonName {
  readonly Alphabetic?: string;
  readonly Ideographic?: string;
  readonly Phonetic?: string;
}

/** Attributes by their eight hexadecimal digits. */
export interface JsonDataset {
  readonly [tag: string]: JsonElement;
}

/** `element` of strings. */
export function strings(vr: string, ...values: readonly string[]): JsonElement {
  return values.length === 0 ? { vr } : { vr, Value: values };
}

/** A sequence. */
export function sequence(items: readonly JsonDataset[]): JsonElement {
  return { vr: "SQ", Value: items };
}

/** A person's name from its groups joined by `=` (PS3.5 §6.2.1). */
export function personName(text: string): JsonPersonName {
  const [alphabetic = "", ideographic = "", phonetic = ""] = text.split("=");
  return {
    ...(alphabetic === "" ? {} : { Alphabetic: alphabetic }),
    ...(ideographic === "" ? {} : { Ideographic: ideographic }),
    ...(phonetic === "" ? {} : { Phonetic: phonetic }),
  };
}

/** The first value as text; a person's name by its alphabetic group. */
export function firstText(dataset: JsonDataset, tag: string): string | undefined {
  const value = dataset[tag]?.Value?.[0];
  if (value === undefined) return undefined;
  if (typeof value !== "object") return String(value);
  return typeof value.Alphabetic === "string" ? value.Alphabetic : undefined;
}
