/** Distinguished Encoding Rules (X.690), as much of them as a certificate needs. */

/** One tag-length-value; the contents are joined. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content]);
}

/** X.690 §8.1.3: short form below 128, long form above. */
function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = positiveOctets(BigInt(length));
  return Buffer.from([0x80 | octets.length, ...octets]);
}

function positiveOctets(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => der(0x30, ...items);
export const set = (...items: readonly Uint8Array[]): Buffer => der(0x31, ...items);
export const octetString = (content: Uint8Array): Buffer => der(0x04, content);
export const utf8String = (text: string): Buffer => der(0x0c, Buffer.from(text, "utf8"));
export const boolean = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));
/** `[n]` with constructed content: EXPLICIT tagging. */
export const explicit = (n: number, content: Uint8Array): Buffer => der(0xa0 | n, content);
/** `[n]` with primitive content: IMPLICIT tagging. */
export const implicit = (n: number, content: Uint8Array): Buffer => der(0x80 | n, content);

/** A non-negative INTEGER given by its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const negative = ((bytes[0] ?? 0) & 0x80) !== 0;
  return der(0x02, negative ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** A BIT STRING of whole bytes, or with `unused` bits free at its end. */
export function bitString(content: Uint8Array, unused = 0): Buffer {
  return der(0x03, Buffer.from([unused]), content);
}

/** An OBJECT IDENTIFIER from its dotted form (X.690 §8.19). */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(arc: number): number[] {
  const groups = [arc & 0x7f];
  for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
  return groups;
}

/** UTCTime, good until 2049 (RFC 5280 §4.1.2.5). */
export function utcTime(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${digits}Z`, "ascii"));
}
