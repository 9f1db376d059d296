/** Attributes of a tiny object that tests care about. */
export interface TinyObject {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
  readonly patientName?: string;
  readonly patientId?: string;
  readonly studyDate?: string;
  readonly accessionNumber?: string;
  readonly modality?: string;
  readonly transferSyntax?: string;
  readonly pixels?: Buffer;
  readonly rows?: number;
  readonly columns?: number;
  readonly bits?: number;
  /** More elements, already encoded, with their tags. */
  readonly more?: readonly (readonly [number, Buffer])[];
}

export const tinyUids = { study: "1.2.3", series: "1.2.3.4", instance: "1.2.3.4.5" };

const explicitLittleEndian = "1.2.840.10008.1.2.1";

/** One element in Explicit VR Little Endian (PS3.5 §7.1.2). */
export function tinyElement(tag: number, vr: string, value: string | Buffer): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value, "latin1") : value;
  const padding = Buffer.alloc(bytes.length % 2, vr === "UI" || typeof value !== "string" ? 0 : 0x20);
  const long = ["OB", "OW", "SQ", "UN", "UT"].includes(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(tag >>> 16, 0);
  head.writeUInt16LE(tag & 0xffff, 2);
  head.write(vr, 4, "latin1");
  if (long) head.writeUInt32LE(bytes.length + padding.length, 8);
  else head.writeUInt16LE(bytes.length + padding.length, 6);
  return Buffer.concat([head, bytes, padding]);
}

/** `pixels` as a value of `transferSyntax` RLE: an empty offset table and one fragment. */
export function tinyFragments(...fragments: readonly Buffer[]): Buffer {
  const head = Buffer.from("e07f10004f420000ffffffff", "hex");
  const items = [Buffer.alloc(0), ...fragments].map((fragment) => {
    const item = Buffer.from("feff00e000000000", "hex");
    item.writeUInt32LE(fragment.length, 4);
    return Buffer.concat([item, fragment]);
  });
  return Buffer.concat([head, ...items, Buffer.from("feffdde000000000", "hex")]);
}

export function tinyShort(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

/** A small DICOM file: Explicit VR Little Endian whatever `transferSyntax` says. */
export function tinyDicom(object: TinyObject = {}): Buffer {
  const { rows = 2, columns = 2, bits = 8 } = object;
  const pixels = object.pixels ?? Buffer.from([1, 2, 3, 4]);
  const elements: (readonly [number, Buffer])[] = [
    text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7"),
    text(0x00080018, "UI", object.instance ?? tinyUids.instance),
    text(0x00080020, "DA", object.studyDate ?? "20240229"),
    text(0x00080050, "SH", object.accessionNumber ?? "A1"),
    text(0x00080060, "CS", object.modality ?? "OT"),
    text(0x00081030, "LO", "a study"),
    text(0x00100010, "PN", object.patientName ?? "Doe^Jane"),
    text(0x00100020, "LO", object.patientId ?? "P1"),
    text(0x0020000d, "UI", object.study ?? tinyUids.study),
    text(0x0020000e, "UI", object.series ?? tinyUids.series),
    [0x00280002, tinyElement(0x00280002, "US", tinyShort(1))],
    [0x00280010, tinyElement(0x00280010, "US", tinyShort(rows))],
    [0x00280011, tinyElement(0x00280011, "US", tinyShort(columns))],
    [0x00280100, tinyElement(0x00280100, "US", tinyShort(bits))],
    [0x7fe00010, tinyElement(0x7fe00010, "OB", pixels)],
  ];
  return tinyFile(object.transferSyntax ?? explicitLittleEndian, merge(elements, object.more ?? []));
}

/** A file of `dataset`, which is encoded already. */
export function tinyFile(transferSyntax: string, dataset: Buffer): Buffer {
  const syntax = tinyElement(0x00020010, "UI", transferSyntax);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(syntax.length);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    tinyElement(0x00020000, "UL", length),
    syntax,
    dataset,
  ]);
}

/** The encoded elements of `additions` and `elements`, in the order of tags; an addition replaces. */
function merge(
  elements: readonly (readonly [number, Buffer])[],
  additions: readonly (readonly [number, Buffer])[],
): Buffer {
  const byTag = new Map([...elements, ...additions]);
  return Buffer.concat([...byTag].toSorted(([a], [b]) => a - b).map(([, encoded]) => encoded));
}

function text(tag: number, vr: string, value: string): readonly [number, Buffer] {
  return [tag, tinyElement(tag, vr, value)];
}
