import { describe, expect, it } from "vitest";
import { jpeg2000Codestream, readJpeg2000Header } from "./jpeg-2000-header.ts";
import { readJpegHeader } from "./jpeg-header.ts";

const hex = (...parts: readonly string[]): Buffer => Buffer.from(parts.join("").replaceAll(" ", ""), "hex");

// SOF0: length 17, 8 bits, 16 × 32, three components 1, 2 and 3.
const frame = "FFC0 0011 08 0010 0020 03 01 22 00 02 11 01 03 11 01";

describe("the header of JPEG", () => {
  it("is found after other segments and fill bytes", () => {
    const stream = hex("FFD8 FFFE 0004 4142 FFFF", frame.slice(2));
    expect(readJpegHeader(stream)).toEqual({
      marker: 0xc0,
      precision: 8,
      rows: 16,
      columns: 32,
      components: [1, 2, 3],
      jfif: false,
      adobeTransform: undefined,
    });
  });

  it("comes with what JFIF and Adobe say of colour", () => {
    const jfif = "FFE0 0010 4A46494600 0101 00 0001 0001 0000";
    const adobe = "FFEE 000E 41646F6265 0064 0000 0000 00";
    expect(readJpegHeader(hex("FFD8", jfif, frame)).jfif).toBe(true);
    expect(readJpegHeader(hex("FFD8", adobe, frame)).adobeTransform).toBe(0);
  });

  it.each([
    ["nothing", ""],
    ["no JPEG", "0102030405060708"],
    ["a scan without frame", "FFD8 FFDA 0008 01 01 00 00 3F 00"],
    ["a frame header that is cut short", "FFD8 FFC0 0011 08 0010 0020 03 01"],
  ])("is missed in %s", (_, bytes) => {
    expect(() => readJpegHeader(hex(bytes))).toThrow(expect.objectContaining({ errorName: "BadFileFormat" }));
  });
});

// SIZ of 640 × 480 at offset 0, 2 components of 12 bits, signed; COD with colour transform.
const size =
  "FF51 002C 0000 00000280 000001E0 00000000 00000000 00000280 000001E0 00000000 00000000 0002 8B0101 8B0101";
const style = "FF52 000C 00 00 0001 01 05 04 04 00 01";

describe("the header of JPEG 2000", () => {
  it("tells size, precision, sign and colour transform", () => {
    expect(readJpeg2000Header(hex("FF4F", size, style))).toEqual({
      rows: 480,
      columns: 640,
      samplesPerPixel: 2,
      precision: 12,
      signed: true,
      uniform: true,
      colourTransform: true,
    });
  });

  it("tells components that differ", () => {
    const mixed = size.replace(/8B0101$/, "070202");
    expect(readJpeg2000Header(hex("FF4F", mixed, style)).uniform).toBe(false);
  });

  it.each(["", "FF4F", `FF4F ${style}`, "FF4F FF90 000A"])("is missed in %j", (bytes) => {
    expect(() => readJpeg2000Header(hex(bytes))).toThrow(expect.objectContaining({ errorName: "BadFileFormat" }));
  });

  it("is found in a JP2 file", () => {
    const signature = "0000000C 6A502020 0D0A870A";
    const codestream = hex("FF4F FF51 AABB CCDD");
    const whole = (length: string) => hex(signature, "00000008 66747970", length, codestream.toString("hex"));
    expect(jpeg2000Codestream(whole("00000010 6A703263"))).toEqual(codestream);
    expect(jpeg2000Codestream(whole("00000000 6A703263"))).toEqual(codestream);
    expect(jpeg2000Codestream(codestream)).toBe(codestream);
    expect(() => jpeg2000Codestream(hex(signature, "00000000 66747970"))).toThrow("no codestream");
  });
});
