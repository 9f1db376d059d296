import { describe, expect, it } from "vitest";
import { Dataset, type Element, type Fragment } from "../dicom/dataset.ts";
import type { VR } from "../dicom/vr.ts";
import { encapsulatedFrames } from "./encapsulated-frames.ts";
import { frameShape } from "./frame-shape.ts";
import { joinBits, nativeFrameRange, nativeFrames, shiftBits } from "./native-frames.ts";

function dataset(...values: readonly (readonly [number, VR, Buffer])[]): Dataset {
  const elements = values.map(([tag, vr, value]): [number, Element] => [
    tag,
    { tag, vr, offset: 0, length: value.length, value },
  ]);
  return new Dataset(new Map(elements), true);
}

const us = (value: number): Buffer => Buffer.from(Uint16Array.of(value).buffer);

function image([rows, columns, allocated]: readonly [number, number, number], photometric = "MONOCHROME2"): Dataset {
  return dataset(
    [0x00280002, "US", us(photometric === "MONOCHROME2" ? 1 : 3)],
    [0x00280004, "CS", Buffer.from(photometric)],
    [0x00280010, "US", us(rows)],
    [0x00280011, "US", us(columns)],
    [0x00280100, "US", us(allocated)],
  );
}

async function* chunks(bytes: readonly number[], size: number): AsyncGenerator<Uint8Array, void, void> {
  for (let start = 0; start < bytes.length; start += size) yield Uint8Array.from(bytes.slice(start, start + size));
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<number[]> {
  return Array.from(Buffer.concat(await Array.fromAsync(source)));
}

const fragments = (...lengths: readonly number[]): Fragment[] => {
  let offset = 8;
  return lengths.map((length) => {
    const fragment = { offset, length };
    offset += length + 8;
    return fragment;
  });
};

const none = async (): Promise<Buffer> => Buffer.alloc(0);

const longs = (...values: readonly number[]): Buffer => Buffer.from(BigUint64Array.from(values.map(BigInt)).buffer);

describe("native frames", () => {
  it("follow each other", () => {
    const frames = nativeFrames(frameShape(image([4, 5, 16])), 3, 120);
    expect(frames).toEqual({ count: 3, bits: 320 });
    expect(nativeFrameRange(frames, 2)).toEqual({ range: { start: 80, end: 120 }, shift: 0 });
  });

  it("have three samples a pixel in colour, two when chrominance is subsampled", () => {
    expect(nativeFrames(frameShape(image([2, 2, 8], "RGB")), 1, 12).bits).toBe(96);
    expect(nativeFrames(frameShape(image([2, 2, 8], "YBR_FULL_422")), 1, 8).bits).toBe(64);
  });

  it("are not padded when a pixel is one bit (PS3.5 §8.1.1)", () => {
    const frames = nativeFrames(frameShape(image([3, 3, 1])), 2, 3);
    expect(nativeFrameRange(frames, 1)).toEqual({ range: { start: 1, end: 3 }, shift: 1 });
  });

  it("must be there", () => {
    expect(() => nativeFrames(frameShape(image([4, 5, 16])), 3, 119)).toThrow("PixelData has 119 bytes");
    expect(() => frameShape(image([0, 5, 16]))).toThrow("frames of 0 × 5 × 1 samples");
  });

  it.each([1, 2, 5])("are shifted bit by bit, in chunks of %i", async (size) => {
    // Bits 1 … 17 of 0b1_00000011_00000011 (lowest first): nine bits from the second frame of nine.
    expect(await collect(shiftBits(chunks([0b0000_0010, 0b0000_0011], size), 1, 9))).toEqual([0b1000_0001, 0b1]);
    expect(await collect(shiftBits(chunks([0xf0, 0x0f, 0xff], size), 4, 16))).toEqual([0xff, 0xf0]);
    expect(await collect(shiftBits(chunks([0xff], size), 0, 4))).toEqual([0x0f]);
  });

  it("of single bits are joined again, whatever stands above their last bit", async () => {
    // Frames of nine bits: 1_00000001, 0_11111111, 1_00000000.
    const frames = [0x01, 0xff, 0xff, 0xfe, 0x00, 0x01];
    expect(await collect(joinBits(chunks(frames, 2), 9))).toEqual([0b0000_0001, 0b1111_1111, 0b0000_0001, 0b100]);
    expect(await collect(joinBits(chunks([0b101, 0b011, 0b111], 1), 3))).toEqual([0b11_011_101, 0b1]);
  });
});

const withTable = (offsets: readonly number[], ...lengths: readonly number[]): Fragment[] => {
  const table = Buffer.from(Uint32Array.from(offsets).buffer);
  const [first, ...rest] = fragments(table.length, ...lengths);
  if (first === undefined) throw new Error("no table");
  return [{ ...first, value: table }, ...rest];
};

describe("encapsulated frames", () => {
  it("take all fragments when there is one", async () => {
    const frames = await encapsulatedFrames({
      dataset: dataset(),
      fragments: fragments(0, 10, 20),
      numberOfFrames: 1,
      read: none,
    });
    expect(frames).toEqual([
      [
        { start: 16, end: 26 },
        { start: 34, end: 54 },
      ],
    ]);
  });

  it("take one fragment each", async () => {
    const frames = await encapsulatedFrames({
      dataset: dataset(),
      fragments: fragments(0, 10, 20),
      numberOfFrames: 2,
      read: none,
    });
    expect(frames).toEqual([[{ start: 16, end: 26 }], [{ start: 34, end: 54 }]]);
  });

  it("follow the Basic Offset Table (PS3.5 Table A.4-2)", async () => {
    // Offsets count from the item tag of the first fragment: the second frame begins two items later.
    const pixels = { dataset: dataset(), fragments: withTable([0, 36], 10, 10, 20), numberOfFrames: 2, read: none };
    expect((await encapsulatedFrames(pixels)).map((ranges) => ranges.length)).toEqual([2, 1]);
  });

  it("follow the Extended Offset Table (PS3.3 §C.7.6.3.1.8)", async () => {
    const pixels = {
      dataset: dataset([0x7fe00001, "OV", longs(0, 50)], [0x7fe00002, "OV", longs(9, 20)]),
      fragments: fragments(0, 10, 24, 20),
      numberOfFrames: 2,
      read: none,
    };
    expect(await encapsulatedFrames(pixels)).toEqual([[{ start: 16, end: 25 }], [{ start: 66, end: 86 }]]);
  });

  it("begin where a JPEG stream begins, without any table", async () => {
    const starts = new Map([
      [16, "ffd8"],
      [34, "1234"],
      [52, "ffd8"],
    ]);
    const pixels = {
      dataset: dataset(),
      fragments: fragments(0, 10, 10, 10),
      numberOfFrames: 2,
      read: async ({ start }: { start: number }) => Buffer.from(starts.get(start) ?? "", "hex"),
    };
    expect((await encapsulatedFrames(pixels)).map((ranges) => ranges.length)).toEqual([2, 1]);
  });

  it("are refused when nothing tells them apart", async () => {
    const pixels = { dataset: dataset(), fragments: fragments(0, 10, 10, 10), numberOfFrames: 2, read: none };
    await expect(encapsulatedFrames(pixels)).rejects.toThrow("3 fragments for 2 frames");
  });
});
