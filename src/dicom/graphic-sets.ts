import { lazy } from "./lazy.ts";

/**
 * A set of graphic characters that an ISO 2022 escape sequence brings into G0 (bytes 21H–7EH) or G1 (bytes A1H–FEH),
 * PS3.3 Table C.12-3 and C.12-4.
 */
export interface GraphicSet {
  /** The escape sequence, ESC included, as Latin-1 text. */
  readonly escape: string;
  readonly plane: 0 | 1;
  /** Bytes of one character. */
  readonly width: 1 | 2;
  /** The character of one or two bytes, given as in the plane. */
  decode(high: number, low: number): string;
  /** The bytes of a character as one number (`high << 8 | low`), undefined when the set does not have it. */
  encode(character: string): number | undefined;
}

const replacement = "\uFFFD";

/** Reverses a table; where two codes give one character the first is taken. */
function reverse(codes: Iterable<number>, decode: (code: number) => string): Map<string, number> {
  const table = new Map<string, number>();
  for (const code of codes) {
    const character = decode(code);
    if (character !== replacement && !table.has(character)) table.set(character, code);
  }
  return table;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

/** A 96-character set of ISO 8859; `decoded` gives the characters of bytes A0H to FFH. */
function single(final: string, decoded: () => string): GraphicSet {
  const table = lazy(() => decoded().split(""));
  const decode = (code: number): string => table()[code - 0xa0] ?? String.fromCharCode(code);
  const codes = lazy(() => reverse(range(0x80, 0xff), decode));
  return { escape: `\x1B-${final}`, plane: 1, width: 1, decode, encode: (character) => codes().get(character) };
}

const upperHalf = Uint8Array.from(range(0xa0, 0xff));

const part = (label: string): (() => string) => {
  return () => new TextDecoder(label).decode(upperHalf);
};

/** WHATWG reads ISO 8859-1 and -9 as Windows code pages; only 80H–9FH differ, which are not asked of them. */
export const latin1 = single("A", part("windows-1252"));
export const latin2 = single("B", part("iso-8859-2"));
export const latin3 = single("C", part("iso-8859-3"));
export const latin4 = single("D", part("iso-8859-4"));
export const cyrillic = single("L", part("iso-8859-5"));
export const arabic = single("G", part("iso-8859-6"));
export const greek = single("F", part("iso-8859-7"));
export const hebrew = single("H", part("iso-8859-8"));
export const latin5 = single("M", part("windows-1254"));
export const thai = single("T", part("windows-874"));
export const latin9 = single("b", part("iso-8859-15"));

export const ascii: GraphicSet = {
  escape: "\x1B(B",
  plane: 0,
  width: 1,
  decode: (code) => String.fromCharCode(code),
  encode: (character) => (character <= "\x7F" ? character.charCodeAt(0) : undefined),
};

/** JIS X 0201 Romaji: ASCII but for two characters. */
export const romaji: GraphicSet = {
  escape: "\x1B(J",
  plane: 0,
  width: 1,
  decode: (code) => (code === 0x5c ? "¥" : code === 0x7e ? "‾" : String.fromCharCode(code)),
  encode(character) {
    if (character === "¥") return 0x5c;
    if (character === "‾") return 0x7e;
    return character <= "\x7F" && character !== "\\" && character !== "~" ? character.charCodeAt(0) : undefined;
  },
};

/** JIS X 0201 Katakana: the half-width block of Unicode in the same order. */
export const katakana: GraphicSet = {
  escape: "\x1B)I",
  plane: 1,
  width: 1,
  decode: (code) => (code >= 0xa1 && code <= 0xdf ? String.fromCharCode(0xff61 + code - 0xa1) : replacement),
  encode(character) {
    const code = character.charCodeAt(0);
    return code >= 0xff61 && code <= 0xff9f ? code - 0xff61 + 0xa1 : undefined;
  },
};

/** A 94 × 94 set, decoded by the EUC encoding that holds it; `prefix` selects it there. */
function double(escape: string, plane: 0 | 1, label: string, prefix: readonly number[] = []): GraphicSet {
  const decoder = lazy(() => new TextDecoder(label));
  const decode = (high: number, low: number): string => {
    return decoder().decode(Uint8Array.from([...prefix, high | 0x80, low | 0x80]));
  };
  const base = plane === 0 ? 0x21 : 0xa1;
  const codes = lazy(() =>
    reverse(
      range(base, base + 93).flatMap((high) => range(base, base + 93).map((low) => high * 256 + low)),
      (code) => decode(code >> 8, code & 0xff),
    ),
  );
  return { escape, plane, width: 2, decode, encode: (character) => codes().get(character) };
}

export const jisX0208 = double("\x1B$B", 0, "euc-jp");
export const jisX0212 = double("\x1B$(D", 0, "euc-jp", [0x8f]);
export const ksX1001 = double("\x1B$)C", 1, "euc-kr");
export const gb2312 = double("\x1B$)A", 1, "gb18030");

/** Every set that an escape sequence may select. */
export const graphicSets: readonly GraphicSet[] = [
  ascii,
  romaji,
  katakana,
  latin1,
  latin2,
  latin3,
  latin4,
  cyrillic,
  arabic,
  greek,
  hebrew,
  latin5,
  thai,
  latin9,
  jisX0208,
  jisX0212,
  ksX1001,
  gb2312,
];
