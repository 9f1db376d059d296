import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { View } from "../../src/pixels/render/view.ts";
import { corpus, corpusFile, pixelTruth } from "../pixels/pixel-truth.ts";
import { difference, picturesOf, type Pixels, pixelsOf } from "./corpus-pictures.ts";

/** DCMTK rounds down, and converts YCbCr with other factors. */
const tolerance = 2;

/** Images that DCMTK shows in another way, and why. */
const others: Readonly<Record<string, string>> = {
  "objects/lut-overlay/mlut_18.dcm": "through its modality LUT",
  "objects/lut-overlay/overlay_plane.dcm": "with its overlay",
  "objects/presentation-state/overlay.dcm": "with its overlay",
  "objects/pet/GH610.dcm": "rescaled before it is stretched, which leaves nothing of a slope of 6e-8",
  "private/explicit_big.dcm": "through all of its 16 bits, since its window has a width of 0",
  "syntaxes/jpegls/JLSL_16_15_1_1F.dcm": "with the sign extended from bit 14; Orthanc takes words whole",
  // YCbCr in streams of JPEG, of images that are said to be RGB: DCMTK shows it as red, green and blue.
  "objects/sc/example.dcm": "without conversion",
  "syntaxes/jpeg/GH195.dcm": "without conversion",
};

interface Shown {
  readonly path: string;
  readonly png: string;
  readonly view: View;
}

const shown: readonly Shown[] = pixelTruth.flatMap(([path, { rendered }]) => {
  const png = join(corpus ?? "", "truth/rendered", `${path}.png`);
  if (rendered === undefined || path in others || !existsSync(png)) return [];
  const isWindowed = rendered.command.includes("+Wi");
  return [
    { path, png, view: isWindowed ? { kind: "web", window: undefined, viewport: undefined } : { kind: "preview" } },
  ];
});

/** DCMTK's pictures have 8 bits. */
function inBytes({ form, samples }: Pixels): Pixels {
  if (samples instanceof Uint8Array) return { form, samples };
  return { form: form.replace("16 bits", "8 bits"), samples: Uint8Array.from(samples, (sample) => sample >> 8) };
}

describe.skipIf(corpus === undefined)("pictures as DCMTK's dcmj2pnm makes them", () => {
  it.each(shown)("$path", async ({ path, png, view }) => {
    const picture = await picturesOf(corpusFile(path)).pictureOf("the file", 0, {
      view,
      type: "image/png",
      quality: 90,
    });
    expect(difference(inBytes(pixelsOf(picture)), pixelsOf(readFileSync(png)), tolerance)).toBe("");
  });
});
