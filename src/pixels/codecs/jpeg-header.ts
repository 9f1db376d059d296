import { ServerError } from "../../util/errors.ts";

/** The frame header of a JPEG or JPEG-LS stream (ITU-T T.81 §B.2.2), and what its application segments say of colour. */
export interface JpegHeader {
  /** The second byte of the SOF marker: 0xc0 baseline, 0xc1 extended, 0xc3 lossless, 0xf7 JPEG-LS, … */
  readonly marker: number;
  readonly precision: number;
  readonly rows: number;
  readonly columns: number;
  /** Identifiers of the components. */
  readonly components: readonly number[];
  /** JFIF, whose colour is always YCbCr. */
  readonly jfif: boolean;
  /** Of Adobe's APP14 segment: 0 no transform, 1 YCbCr, 2 YCCK. */
  readonly adobeTransform: number | undefined;
}

const startOfScan = 0xda;
const app0 = 0xe0;
const app14 = 0xee;

/** Start of frame: C0 to CF without DHT, JPG and DAC, and JPEG-LS. */
function isStartOfFrame(marker: number): boolean {
  return marker === 0xf7 || (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker));
}

/** A marker that stands alone, without length: fill bytes, TEM, RST, SOI. */
function isAlone(marker: number): boolean {
  return marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** Reads up to the frame header. Throws `BadFileFormat` when there is none. */
export function readJpegHeader(stream: Buffer): JpegHeader {
  let jfif = false;
  let adobeTransform: number | undefined;
  let position = 0;
  while (position + 4 <= stream.length) {
    const marker = stream.readUInt8(position + 1);
    if (stream.readUInt8(position) !== 0xff || isAlone(marker)) {
      position += marker === 0xff || stream.readUInt8(position) !== 0xff ? 1 : 2;
      continue;
    }
    if (marker === startOfScan) break;
    const length = stream.readUInt16BE(position + 2);
    const segment = stream.subarray(position + 4, position + 2 + length);
    if (isStartOfFrame(marker)) return { ...frameHeader(marker, segment), jfif, adobeTransform };
    if (marker === app0 && segment.toString("latin1", 0, 4) === "JFIF") jfif = true;
    if (marker === app14 && segment.length >= 12 && segment.toString("latin1", 0, 5) === "Adobe") {
      adobeTransform = segment.readUInt8(11);
    }
    position += 2 + length;
  }
  throw new ServerError("BadFileFormat", "PixelData: the frame has no JPEG frame header (SOF)");
}

function frameHeader(marker: number, segment: Buffer): Omit<JpegHeader, "jfif" | "adobeTransform"> {
  const count = segment.length < 6 ? 0 : segment.readUInt8(5);
  if (count === 0 || segment.length < 6 + count * 3) {
    throw new ServerError("BadFileFormat", "PixelData: the JPEG frame header (SOF) is cut short");
  }
  return {
    marker,
    precision: segment.readUInt8(0),
    rows: segment.readUInt16BE(1),
    columns: segment.readUInt16BE(3),
    components: Array.from({ length: count }, (_, index) => segment.readUInt8(6 + index * 3)),
  };
}
