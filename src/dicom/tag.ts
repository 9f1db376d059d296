/** A DICOM tag as one number: `group * 65536 + element`, e.g. `0x00100010` for PatientName (PS3.5 §7.1). */
export type Tag = number;

/** `00100010` → `"0010,0010"`: Orthanc's spelling. */
export function tagWithComma(tag: Tag): string {
  const hex = tagHex(tag).toLowerCase();
  return `${hex.slice(0, 4)},${hex.slice(4)}`;
}

/** `0x7FE00010` → `"7FE00010"`: the spelling of the DICOM JSON model (PS3.18 §F.2.2). */
export function tagHex(tag: Tag): string {
  return tag.toString(16).toUpperCase().padStart(8, "0");
}

/** Reads `gggg,eeee`, `gggg-eeee` or `ggggeeee`; `undefined` for anything else (a keyword, say). */
export function parseTagNumber(text: string): Tag | undefined {
  const match = /^([0-9a-fA-F]{4})[,-]?([0-9a-fA-F]{4})$/.exec(text);
  return match === null ? undefined : Number.parseInt(`${match[1]}${match[2]}`, 16);
}

/** Odd groups are private (PS3.5 §7.8). */
export function isPrivate(tag: Tag): boolean {
  return ((tag >>> 16) & 1) === 1;
}

export function groupOf(tag: Tag): number {
  return tag >>> 16;
}

export function elementOf(tag: Tag): number {
  return tag & 0xffff;
}
