/** What never appears in a log, whatever it is called. */
const secretHeaders = new Set([
  "authorization",
  "proxy-authorization",
  "cookie",
  "set-cookie",
  "x-api-key",
  "x-goog-api-key",
]);
const secretArguments =
  /^(assertion|client_assertion|refresh_token|access_token|id_token|client_secret|private_key|password|token|key|code)$/i;

const hidden = "***";

/** `headers` for a log, without credentials. */
export function redactedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, isSecret(name) ? hidden : value]));
}

/** `url` for a log or a message, without user, password and secret arguments. */
export function redactedUrl(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return "(not a URL)";
  parsed.username = "";
  parsed.password = "";
  for (const name of new Set(parsed.searchParams.keys())) {
    if (secretArguments.test(name)) parsed.searchParams.set(name, hidden);
  }
  return parsed.href;
}

function isSecret(header: string): boolean {
  const name = header.toLowerCase();
  return secretHeaders.has(name) || /token|secret|password/.test(name);
}
