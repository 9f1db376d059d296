/**
 * A small writer of DICOM files in Explicit VR Little Endian (PS3.5 §7.1.2, PS3.10 §7.1). It shares nothing with `src/dicom`, so that
 * what tests store was not written by what they test.
 */
export type Value = string | number | readonly number[] | Buffer | readonly Elements[];
export type Elements = readonly (readonly [tag: number, vr: string, value: Value])[];

/** VRs with a length of 32 bits after two reserved bytes. */
const longLength = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** Bytes of one number, by VR. */
const numberSizes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8 };

function numbers(vr: string, values: readonly number[]): Buffer {
  const size = numberSizes[vr];
  if (size === undefined) throw new TypeError(`VR ${vr} takes no numbers`);
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, index) => {
    const at = index * size;
    if (vr === "US") bytes.writeUInt16LE(value, at);
    else if (vr === "SS") bytes.writeInt16LE(value, at);
    else if (vr === "UL") bytes.writeUInt32LE(value, at);
    else if (vr === "SL") bytes.writeInt32LE(value, at);
    else if (vr === "FL") bytes.writeFloatLE(value, at);
    else bytes.writeDoubleLE(value, at);
  });
  return bytes;
}

function padded(bytes: Buffer, vr: string): Buffer {
  if (bytes.length % 2 === 0) return bytes;
  return Buffer.concat([bytes, Buffer.from(vr === "UI" || vr.startsWith("O") ? "\0" : " ", "latin1")]);
}

function item(elements: Elements): Buffer {
  const content = dataset(elements);
  const header = Buffer.alloc(8);
  header.writeUInt16LE(0xfffe, 0);
  header.writeUInt16LE(0xe000, 2);
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content]);
}

function isSequence(value: Value): value is readonly Elements[] {
  return Array.isArray(value) && !value.every((entry) => typeof entry === "number");
}

function encoded(vr: string, value: Value): Buffer {
  if (Buffer.isBuffer(value)) return padded(value, vr);
  if (typeof value === "string") return padded(Buffer.from(value, "utf8"), vr);
  if (typeof value === "number") return numbers(vr, [value]);
  return isSequence(value) ? Buffer.concat(value.map(item)) : numbers(vr, value);
}

/** The header of an element whose value of `length` bytes follows. */
export function elementHeader(tag: number, vr: string, length: number): Buffer {
  const long = longLength.has(vr);
  const header = Buffer.alloc(long ? 12 : 8);
  header.writeUInt16LE(tag >>> 16, 0);
  header.writeUInt16LE(tag & 0xffff, 2);
  header.write(vr, 4, "latin1");
  if (long) header.writeUInt32LE(length, 8);
  else header.writeUInt16LE(length, 6);
  return header;
}

/** Elements one after the other; they must come in ascending order of their tags. */
export function dataset(elements: Elements): Buffer {
  return Buffer.concat(
    elements.flatMap(([tag, vr, value]) => {
      const bytes = encoded(vr, value);
      return [elementHeader(tag, vr, bytes.length), bytes];
    }),
  );
}

/** Preamble, prefix and File Meta Information (PS3.10 §7.1). */
export function fileHeader(
  SOPClassUID: string,
  SOPInstanceUID: string,
  transferSyntaxUID = "1.2.840.10008.1.2.1",
): Buffer {
  const meta = dataset([
    [0x00020001, "OB", Buffer.from([0, 1])],
    [0x00020002, "UI", SOPClassUID],
    [0x00020003, "UI", SOPInstanceUID],
    [0x00020010, "UI", transferSyntaxUID],
    [0x00020012, "UI", "2.25.168429600316024733150838471276823423551"],
    [0x00020013, "SH", "PHANTOM"],
  ]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM", "latin1"),
    dataset([[0x00020000, "UL", meta.length]]),
    meta,
  ]);
}
