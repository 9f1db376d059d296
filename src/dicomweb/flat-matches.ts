import { keywordOf } from "../dicom/dictionary.ts";
import { elementOf, groupOf, parseTagNumber } from "../dicom/tag.ts";
import { ServerError } from "../util/errors.ts";
import { isJsonObject } from "./request-fields.ts";

/** One attribute of a match: its first value, of a person name the alphabetic form. */
interface FlatAttribute {
  readonly Group: number;
  readonly Element: number;
  readonly Name: string;
  readonly vr: string;
  readonly Value?: string | number;
}

/**
 * The answer of a QIDO-RS search as `/servers/{name}/qido` gives it, flat enough for simple clients.
 * @throws ServerError NetworkProtocol when the text is no array in the DICOM JSON model
 */
export function flatMatches(text: string): readonly Readonly<Record<string, FlatAttribute>>[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ServerError("NetworkProtocol", "QIDO-RS: the answer is no JSON", { cause });
  }
  if (!Array.isArray(parsed)) throw new ServerError("NetworkProtocol", "QIDO-RS: the answer is no array");
  return parsed.map(flatMatch);
}

function flatMatch(match: unknown): Readonly<Record<string, FlatAttribute>> {
  if (!isJsonObject(match)) throw new ServerError("NetworkProtocol", "QIDO-RS: a match is no JSON object");
  return Object.fromEntries(
    Object.entries(match).flatMap(([key, attribute]): [string, FlatAttribute][] => {
      const tag = parseTagNumber(key);
      if (tag === undefined || !isJsonObject(attribute)) return [];
      const value = firstValue(attribute["Value"]);
      const flat = {
        Group: groupOf(tag),
        Element: elementOf(tag),
        Name: keywordOf(tag),
        vr: typeof attribute["vr"] === "string" ? attribute["vr"] : "UN",
        ...(value === undefined ? {} : { Value: value }),
      };
      return [[key, flat]];
    }),
  );
}

function firstValue(values: unknown): string | number | undefined {
  const value: unknown = Array.isArray(values) ? values[0] : undefined;
  if (typeof value === "string" || typeof value === "number") return value;
  const alphabetic = isJsonObject(value) ? value["Alphabetic"] : undefined;
  return typeof alphabetic === "string" ? alphabetic : undefined;
}
