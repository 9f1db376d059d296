import { ServerError } from "../../util/errors.ts";
import { type Bitmap, largestBitmap } from "./bitmap.ts";

const end = Buffer.from("ENDHDR\n", "latin1");
/** Longest header that is looked at, in bytes. */
const longestHeader = 4096;

/**
 * Reads a Portable Arbitrary Map (netpbm's PAM) of one to four samples a pixel; the last of two and of four is alpha, which is left out.
 * Samples of 16 bits are big endian. Throws `BadFileFormat`.
 */
export function readPam(file: Buffer): Bitmap {
  const headerEnd = file.subarray(0, longestHeader).indexOf(end);
  if (file.toString("latin1", 0, 3) !== "P7\n" || headerEnd < 0) throw bad("it does not begin as a PAM does");
  const fields = new Map(
    file
      .toString("latin1", 3, headerEnd)
      .split("\n")
      .map((line): [string, string] => {
        const [name = "", ...value] = line.trim().split(/\s+/);
        return [name, value.join(" ")];
      }),
  );
  const number = (name: string, greatest: number): number => {
    const value = Number(fields.get(name) ?? Number.NaN);
    if (Number.isInteger(value) && value >= 1 && value <= greatest) return value;
    throw bad(`${name} is "${fields.get(name) ?? ""}", expected 1 to ${greatest}`);
  };
  const columns = number("WIDTH", 0xffff);
  const rows = number("HEIGHT", 0xffff);
  const samples = number("DEPTH", 4);
  const bits = number("MAXVAL", 0xffff) > 0xff ? 16 : 8;
  const size = rows * columns * samples * (bits / 8);
  const data = file.subarray(headerEnd + end.length, headerEnd + end.length + size);
  if (size > largestBitmap || data.length < size) throw bad(`expected ${size} bytes of samples, found ${data.length}`);
  const little = bits === 16 ? Buffer.from(data).swap16() : data;
  const samplesPerPixel = samples < 3 ? 1 : 3;
  const bytes = samples === samplesPerPixel ? little : withoutAlpha(little, (samples * bits) / 8, bits / 8);
  return { rows, columns, samplesPerPixel, bits, bytes };
}

function bad(problem: string): ServerError {
  return new ServerError("BadFileFormat", `the PAM cannot be read: ${problem}`);
}

/** Leaves out the last `alpha` of each `pixel` bytes. */
function withoutAlpha(bytes: Buffer, pixel: number, alpha: number): Buffer {
  const kept = pixel - alpha;
  const target = Buffer.alloc((bytes.length / pixel) * kept);
  for (let from = 0, to = 0; from < bytes.length; from += pixel, to += kept) bytes.copy(target, to, from, from + kept);
  return target;
}
