import { describe, expect, it } from "vitest";
import { type PngPicture, writePng } from "../../../test/modify/png-writer.ts";
import { parseDataUri } from "./data-uri.ts";
import { readPam } from "./pam-reader.ts";
import { readPng } from "./png-reader.ts";

/** Numbers that look arbitrary, up to `greatest`. */
function numbers(count: number, greatest: number): number[] {
  return Array.from({ length: count }, (_, at) => (at * 7919 + ((at * at) % 97) * 31) % (greatest + 1));
}

const withAlpha = (values: readonly number[], count: number): number[] =>
  values.flatMap((value, at) => (at % count === count - 1 ? [value, 77] : [value]));
const little = (values: readonly number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const pam = (header: string, ...samples: number[]): Buffer =>
  Buffer.concat([Buffer.from(`P7\n${header}\nENDHDR\n`), Buffer.from(samples)]);

// test/modify/differential.test.ts gives such files to Orthanc, too.
describe("readPng", () => {
  const size = { width: 13, height: 11 };
  const pixels = size.width * size.height;
  const grey = numbers(pixels, 255);
  const colours = numbers(pixels * 3, 255);
  const wide = numbers(pixels * 3, 65535);

  it.each<[string, Omit<PngPicture, "width" | "height">, Buffer]>([
    ["grey", { colourType: 0, depth: 8, samples: grey }, Buffer.from(grey)],
    ["RGB", { colourType: 2, depth: 8, samples: colours }, Buffer.from(colours)],
    ["grey and alpha", { colourType: 4, depth: 8, samples: withAlpha(grey, 1) }, Buffer.from(grey)],
    ["RGB and alpha", { colourType: 6, depth: 8, samples: withAlpha(colours, 3) }, Buffer.from(colours)],
    ["grey of 16 bits", { colourType: 0, depth: 16, samples: wide.slice(0, pixels) }, little(wide.slice(0, pixels))],
    ["RGB of 16 bits", { colourType: 2, depth: 16, samples: wide }, little(wide)],
    ["RGB and alpha of 16 bits", { colourType: 6, depth: 16, samples: withAlpha(wide, 3) }, little(wide)],
  ])("reads %s, interlaced or not", (_, picture, expected) => {
    for (const interlaced of [false, true]) {
      const bitmap = readPng(writePng({ ...size, ...picture, interlaced }));
      expect(bitmap.bytes).toEqual(expected);
      expect(bitmap).toMatchObject({ rows: 11, columns: 13, bits: picture.depth });
    }
  });

  it.each([1, 2, 4] as const)("scales grey of %d bits to 8", (depth) => {
    const greatest = 2 ** depth - 1;
    const samples = numbers(pixels, greatest);
    for (const interlaced of [false, true]) {
      const { bytes } = readPng(writePng({ ...size, colourType: 0, depth, samples, interlaced }));
      expect(bytes).toEqual(Buffer.from(samples.map((value) => (value * 255) / greatest)));
    }
  });

  it.each([1, 2, 4, 8] as const)("makes colours of a palette of %d bits", (depth) => {
    const samples = numbers(pixels, 2 ** depth - 1);
    const palette = numbers(3 * 2 ** depth, 255);
    const { bytes, samplesPerPixel } = readPng(writePng({ ...size, colourType: 3, depth, samples, palette }));
    expect(samplesPerPixel).toBe(3);
    expect(bytes).toEqual(Buffer.from(samples.flatMap((value) => palette.slice(value * 3, value * 3 + 3))));
  });

  const file = writePng({ ...size, colourType: 0, depth: 8, samples: grey });
  const changed = (at: number, value: number): Buffer => {
    const copy = Buffer.from(file);
    copy[at] = value;
    return copy;
  };
  it.each([
    ["what is no PNG", Buffer.from("GIF89a"), "does not begin"],
    ["a file without header", file.subarray(0, 8), "no header"],
    ["a file that was cut short", file.subarray(0, 60), "cut short"],
    ["an unknown colour type", changed(25, 5), "colour type 5 of 8 bits is unknown"],
    ["no rows", changed(23, 0), "expected 1 to 65535 rows and columns"],
    ["more pixels than data", changed(23, 200), "data end too early"],
    ["broken data", changed(50, 255), "data are broken"],
  ])("refuses %s", (_, broken, problem) => {
    expect(() => readPng(broken)).toThrow(
      expect.objectContaining({ errorName: "BadFileFormat", details: expect.stringContaining(problem) }),
    );
  });

  it("takes no more memory than the header promises", () => {
    const samples = numbers(120_000, 0);
    const bomb = writePng({ width: 60_000, height: 2, colourType: 0, depth: 8, samples });
    const header = Buffer.from(bomb);
    header.writeUInt32BE(1, 16);
    header.writeUInt32BE(1, 20);
    expect(() => readPng(header)).toThrow(expect.objectContaining({ errorName: "BadFileFormat" }));
  });
});

describe("readPam", () => {
  it.each([
    ["grey", "WIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nTUPLTYPE GRAYSCALE", [1, 2], [1, 2]],
    ["grey of 16 bits", "WIDTH 1\nHEIGHT 2\nDEPTH 1\nMAXVAL 65535", [1, 2, 3, 4], [2, 1, 4, 3]],
    ["RGB", "# a comment\nWIDTH 1\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB", [1, 2, 3], [1, 2, 3]],
    ["grey and alpha", "WIDTH 2\nHEIGHT 1\nDEPTH 2\nMAXVAL 255", [1, 9, 2, 9], [1, 2]],
    [
      "RGB and alpha of 16 bits",
      "WIDTH 1\nHEIGHT 1\nDEPTH 4\nMAXVAL 65535",
      [0, 1, 0, 2, 0, 3, 9, 9],
      [1, 0, 2, 0, 3, 0],
    ],
  ])("reads %s", (_, header, samples, expected) => {
    expect(readPam(pam(header, ...samples)).bytes).toEqual(Buffer.from(expected));
  });

  it.each([
    ["P6\n", "does not begin as a PAM does"],
    ["P7\nWIDTH 2\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n", 'DEPTH is "5", expected 1 to 4'],
    ["P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nENDHDR\n", 'MAXVAL is ""'],
    ["P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\x01", "expected 2 bytes of samples, found 1"],
  ])("refuses %j", (text, problem) => {
    expect(() => readPam(Buffer.from(text, "latin1"))).toThrow(
      expect.objectContaining({ errorName: "BadFileFormat", details: expect.stringContaining(problem) }),
    );
  });
});

describe("parseDataUri", () => {
  it.each([
    ["data:image/png;base64,AQI=", "image/png", "\u0001\u0002"],
    ["data:text/plain;charset=utf-8;base64,aGk=", "text/plain", "hi"],
    ["DATA:Image/JPEG;base64,aGk=", "image/jpeg", "hi"],
    ["data:;base64,aGk=", "", "hi"],
  ])("reads %s", (text, mediaType, bytes) => {
    expect(parseDataUri(text)).toEqual({ mediaType, bytes: Buffer.from(bytes, "latin1") });
  });

  it.each(["data:text/plain,hi", "http://example.org", "", "base64,aGk="])("leaves %j to others", (text) => {
    expect(parseDataUri(text)).toBeUndefined();
  });
});
