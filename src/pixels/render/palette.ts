import type { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import type { Palette, PaletteTable } from "./colour-picture.ts";

const descriptors = { red: 0x00281101, green: 0x00281102, blue: 0x00281103 };
const data = { red: 0x00281201, green: 0x00281202, blue: 0x00281203 };
const segmented = { red: 0x00281221, green: 0x00281222, blue: 0x00281223 };

/** The palette of an image; undefined when it has none that can be read. */
export function readPalette(dataset: Dataset): Palette | undefined {
  const table = (colour: keyof Palette): PaletteTable | undefined =>
    readTable(dataset, { descriptor: descriptors[colour], data: data[colour], segmented: segmented[colour] });
  const [red, green, blue] = [table("red"), table("green"), table("blue")];
  return red === undefined || green === undefined || blue === undefined ? undefined : { red, green, blue };
}

interface TableTags {
  readonly descriptor: Tag;
  readonly data: Tag;
  readonly segmented: Tag;
}

const wholeRange = 2 ** 16;

/** PS3.3 §C.7.6.3.1.5: number of entries (0 stands for 65536), first value mapped, bits of an entry. */
function readTable(dataset: Dataset, tags: TableTags): PaletteTable | undefined {
  const [count = 0, rawFirst = 0, bits = 16] = dataset.numbers(tags.descriptor);
  const isSigned = dataset.number(0x00280103) === 1;
  const first = isSigned && rawFirst >= 0x8000 ? rawFirst - wholeRange : rawFirst;
  const length = count === 0 ? wholeRange : count & 0xffff;
  const bytes = dataset.get(tags.data)?.value;
  if (bytes !== undefined && bytes.length > 0) {
    const isPacked = bits === 8 && bytes.length < length * 2;
    const entries = isPacked ? Uint16Array.from(bytes.subarray(0, length)) : words(bytes, dataset.littleEndian);
    return { first, entries: entries.subarray(0, length), bits: bits === 8 ? 8 : 16 };
  }
  const segments = dataset.get(tags.segmented)?.value;
  if (segments === undefined) return undefined;
  return { first, entries: expanded(words(segments, dataset.littleEndian), length), bits: bits === 8 ? 8 : 16 };
}

function words(bytes: Buffer, littleEndian: boolean): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint16Array.from({ length: bytes.length >> 1 }, (_, at) => view.getUint16(at * 2, littleEndian));
}

/** The entries that segments stand for (PS3.3 §C.7.9.2): discrete (0), linear (1), indirect (2) ones. */
function expanded(segments: Uint16Array, length: number): Uint16Array {
  const entries = new Uint16Array(length);
  let filled = 0;
  const append = (value: number): void => {
    if (filled < length) entries[filled++] = value;
  };
  const expand = (start: number, count: number, mayRefer: boolean): void => {
    let at = start;
    for (let segment = 0; segment < count && at + 1 < segments.length && filled < length; segment++) {
      const opcode = segments[at] ?? 0;
      const size = segments[at + 1] ?? 0;
      if (opcode === 0) {
        for (let value = 0; value < size; value++) append(segments[at + 2 + value] ?? 0);
        at += 2 + size;
      } else if (opcode === 1) {
        const from = entries[filled - 1] ?? 0;
        const to = segments[at + 2] ?? 0;
        for (let step = 1; step <= size; step++) append(Math.round(from + ((to - from) * step) / size));
        at += 3;
      } else if (opcode === 2 && mayRefer) {
        const offset = (segments[at + 2] ?? 0) + (segments[at + 3] ?? 0) * wholeRange;
        expand(offset >> 1, size, false);
        at += 4;
      } else return;
    }
  };
  expand(0, Infinity, true);
  return entries;
}
