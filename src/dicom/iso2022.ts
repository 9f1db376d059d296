import { ascii, graphicSets, type GraphicSet } from "./graphic-sets.ts";
import { vrRow, type VR } from "./vr.ts";

/** The sets in use at the start of a value and after each delimiter, and those that may be selected by escape sequences. */
export interface CodeExtension {
  readonly g0: GraphicSet;
  readonly g1: GraphicSet | undefined;
  /** Sets for writing, in order of preference; empty without code extension techniques. */
  readonly others: readonly GraphicSet[];
  /** How bytes above 7FH are read while G1 is empty: real files leave out their declaration. */
  readonly undeclared: GraphicSet;
}

const escapeByte = 0x1b;

/** Bytes after which the initial sets are in use again (PS3.5 §6.1.2.5.3): TAB, LF, FF, CR and the delimiters of the VR. */
function resets(vr: VR): (byte: number) => boolean {
  const delimiters = vr === "PN" ? [0x5c, 0x5e, 0x3d] : vrRow(vr).multiValued ? [0x5c] : [];
  const codes = new Set([0x09, 0x0a, 0x0c, 0x0d, ...delimiters]);
  return (byte) => codes.has(byte);
}

function isGraphic(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0x7f) >= 0x21 && (byte & 0x7f) <= 0x7e;
}

/** The set that the escape sequence at `at` selects; undefined when it is unknown, and then it is left in the text. */
function escapeAt(bytes: Uint8Array, at: number): GraphicSet | undefined {
  const text = String.fromCharCode(...bytes.subarray(at, at + 4));
  return graphicSets.find(({ escape }) => text.startsWith(escape));
}

/** Reads text with ISO 2022 code extensions (PS3.5 §6.1.2.5). Never fails: what cannot be read becomes U+FFFD. */
export function decodeIso2022(bytes: Uint8Array, vr: VR, initial: CodeExtension): string {
  const isReset = resets(vr);
  let { g0, g1 } = initial;
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at] ?? 0;
    const selected = byte === escapeByte ? escapeAt(bytes, at) : undefined;
    if (selected !== undefined) {
      if (selected.plane === 0) g0 = selected;
      else g1 = selected;
      at += selected.escape.length;
      continue;
    }
    const set = byte >= 0x80 ? (g1 ?? initial.undeclared) : g0;
    const next = bytes[at + 1];
    if (set.width === 2 && isGraphic(byte) && isGraphic(next) && byte >= 0x80 === (next ?? 0) >= 0x80) {
      text += set.decode(byte, next ?? 0);
      at += 2;
      continue;
    }
    // In a two-byte G0 set only a byte without its partner can be a delimiter.
    if (isReset(byte)) {
      ({ g0, g1 } = initial);
      text += String.fromCharCode(byte);
    } else if (set.width === 2) {
      text += byte >= 0x80 ? "\uFFFD" : String.fromCharCode(byte);
    } else {
      text += isGraphic(byte) ? set.decode(byte, 0) : String.fromCharCode(byte);
    }
    at++;
  }
  return text;
}

function bytesOf(set: GraphicSet, code: number): number[] {
  return set.width === 2 ? [code >> 8, code & 0xff] : [code];
}

/** Writes text, selecting sets by escape sequences where allowed. A character that no set has becomes `?`. */
export function encodeIso2022(text: string, vr: VR, initial: CodeExtension): Buffer {
  const isReset = resets(vr);
  const bytes: number[] = [];
  let { g0, g1 } = initial;
  const select = (set: GraphicSet): void => {
    if (set === g0 || set === g1) return;
    bytes.push(...Buffer.from(set.escape, "latin1"));
    if (set.plane === 0) g0 = set;
    else g1 = set;
  };
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x80 && (isReset(code) || !isGraphic(code))) {
      select(initial.g0);
      if (isReset(code)) g1 = initial.g1;
      bytes.push(code);
      continue;
    }
    const candidates = [g0, g1, initial.g0, initial.g1, ...initial.others].filter((set) => set !== undefined);
    const set = candidates.find((candidate) => candidate.encode(character) !== undefined) ?? ascii;
    select(set === ascii && initial.others.length === 0 ? initial.g0 : set);
    bytes.push(...bytesOf(set, set.encode(character) ?? 0x3f));
  }
  select(initial.g0);
  return Buffer.from(bytes);
}
