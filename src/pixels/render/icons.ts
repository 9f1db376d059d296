import type { NativeFrame } from "../frame.ts";

/** What stands for things that are no pictures. */
export type IconName = "document" | "film" | "unsupported";

/** Drawn in dots: `#` is dark, a space is light. */
const drawings: Readonly<Record<IconName, readonly string[]>> = {
  document: [
    "                ",
    "   ########     ",
    "   #      ##    ",
    "   #      ###   ",
    "   #        #   ",
    "   #  ####  #   ",
    "   #        #   ",
    "   #  ####  #   ",
    "   #        #   ",
    "   #  ####  #   ",
    "   #        #   ",
    "   #  ####  #   ",
    "   #        #   ",
    "   #        #   ",
    "   ##########   ",
    "                ",
  ],
  film: [
    "                ",
    "                ",
    " ############## ",
    " # # # ## # # # ",
    " ############## ",
    " #            # ",
    " #    ##      # ",
    " #    ####    # ",
    " #    ####    # ",
    " #    ##      # ",
    " #            # ",
    " ############## ",
    " # # # ## # # # ",
    " ############## ",
    "                ",
    "                ",
  ],
  unsupported: [
    "                ",
    " ############## ",
    " #            # ",
    " # ##      ## # ",
    " #  ##    ##  # ",
    " #   ##  ##   # ",
    " #    ####    # ",
    " #     ##     # ",
    " #     ##     # ",
    " #    ####    # ",
    " #   ##  ##   # ",
    " #  ##    ##  # ",
    " # ##      ## # ",
    " #            # ",
    " ############## ",
    "                ",
  ],
};

/** Pixels along each side of a dot. */
const dotSize = 8;
const shades = { dark: 0x60, light: 0xff };

/** An icon as an image of grayscale. */
export function iconFrame(name: IconName): NativeFrame {
  const drawing = drawings[name];
  const size = drawing.length * dotSize;
  const bytes = Buffer.alloc(size * size, shades.light);
  for (const [y, line] of drawing.entries()) {
    for (const [x, dot] of line.split("").entries()) {
      if (dot === " ") continue;
      for (let row = y * dotSize; row < (y + 1) * dotSize; row++) {
        bytes.fill(shades.dark, row * size + x * dotSize, row * size + (x + 1) * dotSize);
      }
    }
  }
  return {
    shape: {
      rows: size,
      columns: size,
      samplesPerPixel: 1,
      bitsAllocated: 8,
      bitsStored: 8,
      highBit: 7,
      signed: false,
      float: false,
      photometricInterpretation: "MONOCHROME2",
      planarConfiguration: 0,
    },
    bytes,
  };
}
