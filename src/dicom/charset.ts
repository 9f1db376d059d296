import { encodeChinese } from "./chinese.ts";
import * as sets from "./graphic-sets.ts";
import type { GraphicSet } from "./graphic-sets.ts";
import { decodeIso2022, encodeIso2022, type CodeExtension } from "./iso2022.ts";
import { lazy } from "./lazy.ts";
import type { VR } from "./vr.ts";

type WholeEncoding = "UTF-8" | "GB18030" | "GBK";

/** What a defined term brings: an encoding of its own, or sets for G0 and G1. */
interface Term {
  readonly whole?: WholeEncoding;
  readonly g0?: GraphicSet;
  readonly g1?: GraphicSet;
  /** Only by escape sequence: a two-byte set is never in G0 at the start. */
  readonly extension?: GraphicSet;
}

/** Defined terms of Specific Character Set by their ISO-IR number or name (PS3.3 §C.12.1.1.2). */
const terms: Readonly<Record<string, Term>> = {
  "6": {},
  "13": { g0: sets.romaji, g1: sets.katakana },
  "58": { g1: sets.gb2312 },
  "87": { extension: sets.jisX0208 },
  "100": { g1: sets.latin1 },
  "101": { g1: sets.latin2 },
  "109": { g1: sets.latin3 },
  "110": { g1: sets.latin4 },
  "126": { g1: sets.greek },
  "127": { g1: sets.arabic },
  "138": { g1: sets.hebrew },
  "144": { g1: sets.cyrillic },
  "148": { g1: sets.latin5 },
  "149": { g1: sets.ksX1001 },
  "159": { extension: sets.jisX0212 },
  "166": { g1: sets.thai },
  "192": { whole: "UTF-8" },
  "203": { g1: sets.latin9 },
  GB18030: { whole: "GB18030" },
  GBK: { whole: "GBK" },
};

/** Parts of ISO 8859 and their ISO-IR numbers, for files that name the part. */
const isoParts: Readonly<Record<string, string>> = {
  "1": "100",
  "2": "101",
  "3": "109",
  "4": "110",
  "5": "144",
  "6": "127",
  "7": "126",
  "8": "138",
  "9": "148",
  "15": "203",
};

/** Finds the term, forgiving case, separators and names of other standards (`ISO-IR 100`, `iso_ir_192`, `UTF-8`). */
function termOf(text: string): Term | undefined {
  const plain = text
    .trim()
    .toUpperCase()
    .replaceAll(/[-_ ]+/g, " ");
  if (plain === "") return terms["6"];
  const number = /^ISO (?:2022 )?IR (\d+)$/.exec(plain)?.[1];
  if (number !== undefined) return terms[number];
  const part = /^(?:ISO ?8859 |LATIN ?)(\d+)$/.exec(plain)?.[1];
  if (part !== undefined) return terms[isoParts[part] ?? ""];
  return plain === "UTF 8" || plain === "UTF8" ? terms["192"] : terms[plain.replaceAll(" ", "")];
}

const decoders = {
  "UTF-8": lazy(() => new TextDecoder("utf-8", { ignoreBOM: true })),
  GB18030: lazy(() => new TextDecoder("gb18030")),
  GBK: lazy(() => new TextDecoder("gbk")),
};

const defaultExtension: CodeExtension = { g0: sets.ascii, g1: undefined, others: [], undeclared: sets.latin1 };

function extensionOf(found: readonly Term[], declared: number): CodeExtension {
  const [first] = found;
  return {
    g0: first?.g0 ?? sets.ascii,
    g1: first?.g1,
    others: declared > 1 ? found.flatMap(({ g0, g1, extension }) => [g0, g1, extension].filter(isSet)) : [],
    undeclared: sets.latin1,
  };
}

function isSet(set: GraphicSet | undefined): set is GraphicSet {
  return set !== undefined;
}

/** Whether the bytes are plain ASCII, which every supported set but JIS X 0201 Romaji reads alike. */
function isPlain(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || byte === 0x1b) return false;
  }
  return true;
}

/** Values of Specific Character Set of which is kept what they mean. */
const mostRemembered = 100;

/** The encoding of text in a dataset: the value of Specific Character Set (0008,0005). */
export class SpecificCharacterSet {
  /** The whole value as it stands in (0008,0005); empty for the default repertoire. */
  readonly value: string;
  readonly #whole: WholeEncoding | undefined;
  readonly #extension: CodeExtension;

  private constructor(value: string, whole: WholeEncoding | undefined, extension: CodeExtension) {
    this.value = value;
    this.#whole = whole;
    this.#extension = extension;
  }

  /** The default repertoire (ISO-IR 6). */
  static readonly default = new SpecificCharacterSet("", undefined, defaultExtension);

  /** UTF-8 (`ISO_IR 192`). */
  static readonly utf8 = new SpecificCharacterSet("ISO_IR 192", "UTF-8", defaultExtension);

  /**
   * Reads a value of (0008,0005), several terms joined by a backslash. `fallback` (the default repertoire, with bytes
   * above 7FH read as Latin-1) is taken when it is absent, empty, or has no term that is known.
   */
  static parse(value: string | undefined, fallback = SpecificCharacterSet.default): SpecificCharacterSet {
    if (value === undefined || value.trim() === "") return fallback;
    return SpecificCharacterSet.#known(value) ?? fallback;
  }

  static readonly #read = new Map<string, SpecificCharacterSet | undefined>();

  /** Undefined when no term is known. Few values occur, and each dataset has one. */
  static #known(value: string): SpecificCharacterSet | undefined {
    const read = SpecificCharacterSet.#read;
    if (read.has(value)) return read.get(value);
    const set = SpecificCharacterSet.#termsIn(value);
    if (read.size < mostRemembered) read.set(value, set);
    return set;
  }

  static #termsIn(value: string): SpecificCharacterSet | undefined {
    const declared = value.split("\\");
    const found = declared.map(termOf).filter((term) => term !== undefined);
    const [first] = found;
    if (first === undefined) return undefined;
    return new SpecificCharacterSet(value, first.whole, extensionOf(found, declared.length));
  }

  get isUtf8(): boolean {
    return this.#whole === "UTF-8";
  }

  /** Reads the bytes of a text value, delimiters and padding included; bytes that make no sense become U+FFFD. */
  decode(bytes: Uint8Array, vr: VR): string {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    if (this.#extension.g0 === sets.ascii && isPlain(buffer)) return buffer.toString("latin1");
    if (this.#whole !== undefined) return decoders[this.#whole]().decode(buffer);
    return decodeIso2022(buffer, vr, this.#extension);
  }

  /** Writes a text value; characters that the set does not have become `?`. */
  encode(text: string, vr: VR): Buffer {
    if (this.#whole === "UTF-8") return Buffer.from(text, "utf8");
    if (this.#whole !== undefined) return encodeChinese(text, this.#whole);
    return encodeIso2022(text, vr, this.#extension);
  }
}
