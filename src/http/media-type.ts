/** A media type with its parameters, names in lower case. */
export interface MediaType {
  /** Like `multipart/related`, in lower case. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Reads `type/subtype; name=value; name="quoted value"` (RFC 9110 §8.3.1), forgiving stray spaces, semicolons and missing values. */
export function parseMediaType(text: string): MediaType {
  const [type = "", ...rest] = splitOutsideQuotes(text, ";");
  const parameters: Record<string, string> = {};
  for (const parameter of rest) {
    const [name, value] = parseParameter(parameter);
    // The first of a name wins, and no name reaches the prototype.
    if (name !== "" && !Object.hasOwn(parameters, name) && name !== "__proto__") parameters[name] = value;
  }
  return { type: type.trim().toLowerCase(), parameters };
}

function parseParameter(text: string): [name: string, value: string] {
  const equals = text.indexOf("=");
  if (equals < 0) return [text.trim().toLowerCase(), ""];
  return [text.slice(0, equals).trim().toLowerCase(), unquoted(text.slice(equals + 1).trim())];
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const end = value.endsWith('"') && value.length > 1 ? -1 : undefined;
  return value.slice(1, end).replaceAll(/\\(.)/g, "$1");
}

/** Splits a header value at `separator`, but not inside quoted strings. */
export function splitOutsideQuotes(text: string, separator: string): string[] {
  if (!text.includes('"')) return text.split(separator);
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') quoted = !quoted;
    else if (character === "\\" && quoted) index++;
    else if (character === separator && !quoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}
