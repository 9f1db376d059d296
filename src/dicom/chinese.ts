import { lazy } from "./lazy.ts";

/** Four-byte codes of GB18030 outside the basic plane start here and are in the order of Unicode. */
const supplementaryCode = 0x90308130;

/** Codes of one, two and (GB18030) four bytes by character, made by decoding all of them: the platform has no encoder. */
function reverseTable(fourBytes: boolean): Map<string, number> {
  const decoder = new TextDecoder("gb18030");
  const table = new Map<string, number>();
  const add = (bytes: number[]): void => {
    const character = decoder.decode(Uint8Array.from(bytes));
    const code = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (!character.includes("\uFFFD") && !table.has(character)) table.set(character, code);
  };
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) if (low !== 0x7f) add([high, low]);
  }
  if (!fourBytes) return table;
  for (let linear = 0; linear < 39_420; linear++) add(fourByteCode(linear));
  return table;
}

/** The bytes of the n-th four-byte code, counted from 81308130H. */
function fourByteCode(linear: number): number[] {
  return [
    0x81 + Math.floor(linear / 12_600),
    0x30 + (Math.floor(linear / 1260) % 10),
    0x81 + (Math.floor(linear / 10) % 126),
    0x30 + (linear % 10),
  ];
}

const gb18030Codes = lazy(() => reverseTable(true));
const gbkCodes = lazy(() => reverseTable(false));

function supplementary(character: string): number[] {
  const linear = (character.codePointAt(0) ?? 0) - 0x10000;
  const [first = 0, ...rest] = fourByteCode(linear);
  return [first + (supplementaryCode >>> 24) - 0x81, ...rest];
}

/** Writes GB18030 or GBK; a character that GBK does not have becomes `?`. */
export function encodeChinese(text: string, encoding: "GB18030" | "GBK"): Buffer {
  const codes = encoding === "GBK" ? gbkCodes() : gb18030Codes();
  const bytes: number[] = [];
  for (const character of text) {
    const code = character <= "\x7F" ? character.charCodeAt(0) : codes.get(character);
    if (code === undefined && encoding === "GB18030" && character.length === 2) bytes.push(...supplementary(character));
    else if (code === undefined) bytes.push(0x3f);
    else if (code > 0xffff) bytes.push(code >>> 24, (code >>> 16) & 0xff, (code >>> 8) & 0xff, code & 0xff);
    else if (code > 0xff) bytes.push(code >>> 8, code & 0xff);
    else bytes.push(code);
  }
  return Buffer.from(bytes);
}
