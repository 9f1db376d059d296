import { SpecificCharacterSet } from "../../dicom/charset.ts";
import type { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import { ServerError } from "../../util/errors.ts";
import type { Modification } from "./modification.ts";
import { canEncode } from "./recode.ts";

export const specificCharacterSet: Tag = 0x00080005;

/**
 * The character set that a dataset gets; undefined: it keeps its own. It changes where (0008,0005) is replaced, and to UTF-8 where
 * the dataset's own has not all the characters of the new values: nothing is lost on the way. Throws as `fittingCharset`.
 */
export function targetCharset(dataset: Dataset, modification: Modification): SpecificCharacterSet | undefined {
  const action = modification.root.actions.get(specificCharacterSet);
  const wanted = action?.kind === "replace" ? action.value : undefined;
  const charset = fittingCharset(wanted, dataset.charset, newValues(modification));
  return wanted === undefined && charset === dataset.charset ? undefined : charset;
}

/**
 * The character set for `values` as clients write them in JSON: the one that is wanted, a value of (0008,0005), or else `current`, or
 * UTF-8 where that has not all their characters. Throws `ParameterOutOfRange` for a set that is unknown, or that is wanted and
 * has not these characters.
 */
export function fittingCharset(
  wanted: unknown,
  current: SpecificCharacterSet,
  values: readonly unknown[],
): SpecificCharacterSet {
  const charset = wanted === undefined ? current : mustBeCharset(wanted);
  const lost = values.flatMap(textsOf).find((text) => !canEncode(charset, text));
  if (lost === undefined) return charset;
  if (wanted === undefined) return SpecificCharacterSet.utf8;
  throw new ServerError("ParameterOutOfRange", `"${lost}" cannot be written in ${charset.value}`);
}

function mustBeCharset(value: unknown): SpecificCharacterSet {
  const terms = Array.isArray(value) ? value.join("\\") : value;
  if (typeof terms !== "string") {
    throw new ServerError("BadParameterType", "SpecificCharacterSet: expected a string");
  }
  const none = SpecificCharacterSet.default;
  const charset = SpecificCharacterSet.parse(terms, none);
  if (charset !== none || terms.trim() === "") return charset;
  throw new ServerError("ParameterOutOfRange", `SpecificCharacterSet: "${terms}" is not supported`);
}

function newValues({ root, replacedPaths }: Modification): readonly unknown[] {
  const ofRoot = [...root.actions.values()].map((action) => (action.kind === "replace" ? action.value : ""));
  return [...ofRoot, ...replacedPaths.map(({ value }) => value)];
}

/** All texts in values as clients write them, but for bytes in data URIs. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.startsWith("data:") ? [] : [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
