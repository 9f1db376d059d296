import { colourBytes, sliceBytes } from "./body.ts";
import type { Elements } from "./explicit-writer.ts";

/** What differs between the kinds of images that the generator makes. */
export interface ModalityRow {
  readonly SOPClassUID: string;
  readonly seriesDescription: string;
  /** Attributes of the image, in ascending order, between (0018,…) and (0020,…). */
  readonly acquisition: Elements;
  readonly samples: 1 | 3;
  readonly signed: boolean;
  readonly bitsStored: number;
  readonly rescaleIntercept?: string;
  readonly window?: readonly [center: string, width: string];
  /** The pixel data of one slice. */
  draw(slice: Int16Array): Buffer;
}

export const modalities = {
  CT: {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.2",
    seriesDescription: "Thorax 2.0",
    acquisition: [
      [0x00180050, "DS", "2.0"],
      [0x00180060, "DS", "120"],
    ],
    samples: 1,
    signed: true,
    bitsStored: 16,
    rescaleIntercept: "-1024",
    window: ["40", "400"],
    draw: (slice) => sliceBytes(slice, (hounsfield) => hounsfield + 1024),
  },
  MR: {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.4",
    seriesDescription: "T1 axial",
    acquisition: [
      [0x00180020, "CS", "SE"],
      [0x00180021, "CS", "NONE"],
      [0x00180022, "CS", ""],
      [0x00180023, "CS", "2D"],
      [0x00180050, "DS", "4.0"],
      [0x00180080, "DS", "550"],
      [0x00180081, "DS", "12"],
    ],
    samples: 1,
    signed: false,
    bitsStored: 12,
    window: ["900", "1800"],
    draw: (slice) => sliceBytes(slice, (hounsfield) => Math.max(0, Math.min(4095, hounsfield + 1000))),
  },
  CR: {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.1",
    seriesDescription: "Chest PA",
    acquisition: [
      [0x00180015, "CS", "CHEST"],
      [0x00185101, "CS", "PA"],
    ],
    samples: 1,
    signed: false,
    bitsStored: 12,
    window: ["2048", "4096"],
    draw: (slice) => sliceBytes(slice, (hounsfield) => Math.max(0, Math.min(4095, 2 * (hounsfield + 1000)))),
  },
  US: {
    SOPClassUID: "1.2.840.10008.5.1.4.1.1.6.1",
    seriesDescription: "Abdomen",
    acquisition: [],
    samples: 3,
    signed: false,
    bitsStored: 8,
    draw: colourBytes,
  },
} as const satisfies Record<string, ModalityRow>;

export type PhantomModality = keyof typeof modalities;
