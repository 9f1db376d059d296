import { ServerError } from "../util/errors.ts";
import type { OwnAttribute } from "./dictionary.ts";
import { elementOf, isPrivate, parseTagNumber, tagHex } from "./tag.ts";
import { isVR } from "./vr.ts";

/**
 * Attributes as Orthanc's option `Dictionary` has them: `"gggg,eeee"` and `[VR, name, minimum, maximum, private creator]`, of which the
 * first two are needed; a maximum of 0 is none. Private ones without a creator are those of `defaultCreator`. Throws
 * `ParameterOutOfRange`.
 */
export function readOwnAttributes(
  dictionary: Readonly<Record<string, unknown>>,
  defaultCreator: string,
): readonly OwnAttribute[] {
  return Object.entries(dictionary).map(([key, definition]) => {
    const tag = parseTagNumber(key);
    const [vr, name, minimum = 1, maximum = minimum, creator = defaultCreator]: readonly unknown[] = Array.isArray(
      definition,
    )
      ? definition
      : [];
    if (tag === undefined || !isVR(String(vr)) || typeof name !== "string" || name === "") throw wrong(key, definition);
    if (!isCount(minimum) || !isCount(maximum) || typeof creator !== "string") throw wrong(key, definition);
    const vm = minimum === maximum ? String(minimum) : `${minimum}-${maximum === 0 ? "n" : maximum}`;
    const hex = tagHex(tag).toLowerCase();
    const rest = `${String(vr)} ${vm} ${name}`;
    if (!isPrivate(tag) || elementOf(tag) < 0x1000) return { line: `${hex} ${rest}`, tag };
    return { creator, line: `${hex.slice(0, 4)}${hex.slice(6)} ${rest}`, tag };
  });
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}

function wrong(key: string, definition: unknown): ServerError {
  const expected = 'expected "gggg,eeee" and [VR, name, minimum, maximum, private creator]';
  return new ServerError(
    "ParameterOutOfRange",
    `Dictionary: ${expected}, found "${key}" and ${JSON.stringify(definition)}`,
  );
}
