/** What a data URI (RFC 2397) holds. */
export interface DataUri {
  /** In lower case. */
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** Reads a data URI in base64; undefined for any other text. */
export function parseDataUri(text: string): DataUri | undefined {
  const match = /^data:([^;,]*)(?:;[^,]*)?;base64,/i.exec(text);
  const mediaType = match?.[1]?.trim().toLowerCase();
  if (match === null || mediaType === undefined) return undefined;
  return { mediaType, bytes: Buffer.from(text.slice(match[0].length), "base64") };
}
