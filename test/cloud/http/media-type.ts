/** A media type with its parameters, as in `Content-Type` and the items of `Accept` (RFC 9110 §8.3.1). */
export interface MediaType {
  /** Lower case, like `multipart/related`. */
  readonly type: string;
  /** Names in lower case; values as written, without quotes. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
// Outside the grammar of a token, but common and taken by Google: type=application/dicom without quotes.
const value = `(?:"((?:[^"\\\\]|\\\\.)*)"|([!#$%&'*+.^_\`|~0-9A-Za-z/-]+))`;
const typePattern = new RegExp(`^\\s*(${token}/${token})\\s*`);
const parameterPattern = new RegExp(`^;\\s*(${token})=${value}\\s*`);

/** Reads one media type; undefined when `text` is not exactly one. */
export function parseMediaType(text: string): MediaType | undefined {
  const type = typePattern.exec(text);
  if (type?.[1] === undefined) return undefined;
  const parameters = new Map<string, string>();
  let rest = text.slice(type[0].length);
  while (rest !== "") {
    const parameter = parameterPattern.exec(rest);
    if (parameter?.[1] === undefined) return undefined;
    const unquoted = parameter[2]?.replaceAll(/\\(.)/g, "$1") ?? parameter[3] ?? "";
    parameters.set(parameter[1].toLowerCase(), unquoted);
    rest = rest.slice(parameter[0].length);
  }
  return { type: type[1].toLowerCase(), parameters };
}
