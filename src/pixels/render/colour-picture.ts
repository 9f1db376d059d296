import { ServerError } from "../../util/errors.ts";
import { ybrToRgb } from "../colour.ts";
import type { DecodedFrame } from "../frame.ts";
import type { Picture } from "./picture.ts";
import { sampleValues } from "./sample-values.ts";

/** The three tables of a palette (PS3.3 §C.7.6.3.1.5, §C.7.6.3.1.6). */
export interface Palette {
  readonly red: PaletteTable;
  readonly green: PaletteTable;
  readonly blue: PaletteTable;
}

export interface PaletteTable {
  /** The stored value that the first entry stands for. */
  readonly first: number;
  /** Entries of 8 or 16 bits, as `bits` says. */
  readonly entries: Uint16Array;
  readonly bits: 8 | 16;
}

/** Whether a frame is a picture in colours. */
export function isColour({ shape }: DecodedFrame): boolean {
  return shape.samplesPerPixel === 3 || shape.photometricInterpretation === "PALETTE COLOR";
}

/** A frame in colours as RGB. Throws `NotImplemented` for colours that are none of those of PS3.3 §C.7.6.3.1.2. */
export function colourPicture(frame: DecodedFrame, palette: Palette | undefined): Picture {
  const { photometricInterpretation: photometric, columns: width, rows: height, bitsAllocated } = frame.shape;
  if (photometric === "PALETTE COLOR") return paletteColours(frame, palette);
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new ServerError("NotImplemented", `colours of ${bitsAllocated} bits cannot be shown`);
  }
  const { bytes } = photometric.startsWith("YBR_") && !isConverted(photometric) ? ybrToRgb(frame) : frame;
  return { width, height, format: bitsAllocated === 8 ? "RGB24" : "RGB48", bytes };
}

/** Those that only a codec knows: what it has decoded is RGB already. */
function isConverted(photometric: string): boolean {
  return photometric === "YBR_ICT" || photometric === "YBR_RCT";
}

function paletteColours(frame: DecodedFrame, palette: Palette | undefined): Picture {
  if (palette === undefined) throw new ServerError("BadFileFormat", "PALETTE COLOR without a palette");
  const { columns: width, rows: height } = frame.shape;
  const values = sampleValues(frame);
  const bytes = Buffer.allocUnsafe(values.length * 3);
  for (const [channel, table] of [palette.red, palette.green, palette.blue].entries()) {
    const { first, entries, bits } = table;
    const last = entries.length - 1;
    const shift = bits - 8;
    for (let at = 0, to = channel; at < values.length; at++, to += 3) {
      const index = (values[at] ?? 0) - first;
      bytes[to] = (entries[index < 0 ? 0 : index > last ? last : index] ?? 0) >> shift;
    }
  }
  return { width, height, format: "RGB24", bytes };
}
