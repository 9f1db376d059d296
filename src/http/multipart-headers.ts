import { ServerError } from "../util/errors.ts";

/** Bytes of all headers of one part. */
export const maximumHeadersSize = 16 * 1024;

/** Reads the header lines of a part (RFC 2046 §5.1.2): names in lower case, folded lines joined, the last of a name wins. */
export function parsePartHeaders(lines: readonly string[], part: number): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let name = "";
  for (const line of lines) {
    if (/^[ \t]/.test(line) && name !== "") {
      headers[name] += ` ${line.trim()}`;
      continue;
    }
    const colon = line.indexOf(":");
    if (colon <= 0)
      throw new ServerError("BadRequest", `Multipart body: part ${part} has a header line without a name`);
    name = line.slice(0, colon).trim().toLowerCase();
    headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
}
