import type { JsonModel, JsonModelAttribute, JsonModelValue } from "../../src/dicom/json-model.ts";

/** New identifiers of two servers that stand for each other, wherever they occur. */
export interface Counterparts {
  /** Whether both may stand for each other, which they then do for good. */
  match(first: string, second: string): boolean;
}

/** Values that each server makes of its own, by their form. */
const madeUp: readonly (readonly [RegExp, RegExp])[] = [
  [/^1\.2\.276\.0\.7230010\.3\.1\.[234]\.[\d.]+$/, /^2\.25\.\d+$/],
  [/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
  [/^Anonymized\d+$/, /^Anonymized\d+$/],
  // The time of creation, to the second.
  [/^\d{6}\.\d{6}$/, /^\d{6}\.\d{6}$/],
];
const unpaired = madeUp.length - 2;

export function createCounterparts(): Counterparts {
  const forwards = new Map<string, string>();
  const backwards = new Map<string, string>();
  return {
    match(first, second) {
      const kind = madeUp.findIndex(([one, other]) => one.test(first) && other.test(second));
      if (kind === -1) return false;
      if (kind >= unpaired) return true;
      if ((forwards.get(first) ?? second) !== second || (backwards.get(second) ?? first) !== first) return false;
      forwards.set(first, second);
      backwards.set(second, first);
      return true;
    },
  };
}

/** Where two datasets differ: `00081140[0].00100010: "a" / "b"`, `00100040: only in the first`. */
export function* compareDatasets(
  first: JsonModel,
  second: JsonModel,
  counterparts: Counterparts,
  path = "",
): Generator<string, void> {
  const tags = new Set([...Object.keys(first), ...Object.keys(second)]);
  for (const tag of [...tags].toSorted()) {
    const [one, other] = [first[tag], second[tag]];
    const at = path + tag;
    if (one === undefined) yield `${at}: only in the second`;
    else if (other === undefined) yield `${at}: only in the first`;
    else yield* compareAttributes(one, other, counterparts, at);
  }
}

function* compareAttributes(
  first: JsonModelAttribute,
  second: JsonModelAttribute,
  counterparts: Counterparts,
  path: string,
): Generator<string, void> {
  if (first.vr !== second.vr) yield `${path}: VR ${first.vr} / ${second.vr}`;
  if (first.InlineBinary !== second.InlineBinary) yield `${path}: other bytes`;
  const [ones, others] = [first.Value ?? [], second.Value ?? []];
  if (ones.length !== others.length) {
    yield `${path}: ${ones.length} values / ${others.length} values`;
    return;
  }
  for (const [at, one] of ones.entries()) yield* compareValues(one, others[at] ?? null, counterparts, `${path}[${at}]`);
}

function* compareValues(
  first: JsonModelValue,
  second: JsonModelValue,
  counterparts: Counterparts,
  path: string,
): Generator<string, void> {
  const [one, other] = [nameOf(first), nameOf(second)];
  if (one === other || (typeof one === "string" && typeof other === "string" && counterparts.match(one, other))) return;
  if (isItem(one) && isItem(other)) yield* compareDatasets(one, other, counterparts, `${path}.`);
  else yield `${path}: ${JSON.stringify(one)} / ${JSON.stringify(other)}`;
}

/** A person's name as text. */
function nameOf(value: JsonModelValue): string | number | null | JsonModel {
  if (typeof value !== "object" || value === null || isItem(value)) return value;
  return [value.Alphabetic, value.Ideographic, value.Phonetic].join("=").replace(/=+$/, "");
}

function isItem(value: JsonModelValue): value is JsonModel {
  return (
    typeof value === "object" &&
    value !== null &&
    !["Alphabetic", "Ideographic", "Phonetic"].some((name) => name in value)
  );
}
