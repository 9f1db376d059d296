const hidden = "(hidden)";

/** Names of fields whose values are never written, whatever else happens. */
const secretNames = /authorization|token$|password|passphrase|private_?key$|secret|assertion|cookie/i;

/** Secrets as they stand in texts: HTTP credentials, form fields, PEM keys. */
const secretTexts: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${hidden}`],
  [/\b(access_token|refresh_token|id_token|client_secret|password|assertion)=[^&\s"]+/gi, `$1=${hidden}`],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]*(-----END \1-----)?/g, hidden],
  [/(:\/\/[^/\s:@]+:)[^/\s@]+@/g, `$1${hidden}@`],
];

/** The text with what looks like a secret hidden: the last net, not a licence to log secrets. */
export function redactedText(text: string): string {
  return secretTexts.reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text);
}

/** The fields of a log line as plain JSON values, secrets hidden at every depth; errors as their messages. */
export function redactedFields(fields: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretNames.test(name) ? hiddenValue(value) : redacted(value, depth),
    ]),
  );
}

/** Deeper objects are left out: they may be circular. */
const deepest = 5;

/** A count called `tokens`, or the absence of a password, is no secret. */
const hiddenValue = (value: unknown) => (typeof value === "string" || isObject(value) ? hidden : value);

function redacted(value: unknown, depth: number): unknown {
  if (typeof value === "string") return redactedText(value);
  if (value instanceof Error) return redactedText(errorText(value));
  if (depth === deepest && isObject(value)) return "…";
  if (Array.isArray(value)) return value.map((element: unknown) => redacted(element, depth + 1));
  return isObject(value) ? redactedFields(value, depth + 1) : value;
}

function errorText(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${errorText(error.cause)})` : error.message;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
