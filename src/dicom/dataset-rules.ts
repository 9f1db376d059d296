import type { SpecificCharacterSet } from "./charset.ts";
import type { ParseLimits } from "./parse-options.ts";
import type { VR } from "./vr.ts";

/** What ends the reading of one dataset, and what is kept of it. */
export interface DatasetRules {
  readonly charset: SpecificCharacterSet;
  readonly limits: ParseLimits;
  readonly maximumValueLength: number;
  /** The dataset ends before the first element of another group: the file meta information (PS3.10 §7.1). */
  readonly onlyGroup?: number;
  readonly stopAtPixelData?: boolean;
  readonly checkRest?: boolean;
}

/** The PixelData element of the dataset itself, not of an icon. */
export interface PixelDataPlace {
  /** Offset of its tag. */
  readonly offset: number;
  readonly vr: VR;
}
