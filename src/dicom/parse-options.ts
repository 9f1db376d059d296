import type { SpecificCharacterSet } from "./charset.ts";

export interface ParseOptions {
  /** Read up to, and without, the PixelData element (7FE0,0010) of the dataset. Default false. */
  readonly stopAtPixelData?: boolean;
  /** Values of more bytes are left in the file. Default: none for `parseDicom`, 1 MiB for `DicomReader`. */
  readonly maximumValueLength?: number;
  /**
   * With `stopAtPixelData`: also check the structure of the rest, without keeping any of it, so that a file that was cut
   * short or is broken after the header is refused. The whole file must then be pushed. Default false.
   */
  readonly checkRest?: boolean;
  /** The bytes that are pushed may be overwritten after `end`: what is kept of them is copied. Default false. */
  readonly lent?: boolean;
  /** The character set of datasets that declare none. Default: `SpecificCharacterSet.default`. */
  readonly defaultCharset?: SpecificCharacterSet;
  readonly limits?: Partial<ParseLimits>;
}

/** Beyond these the data is taken for an attack and refused with `BadFileFormat`. */
export interface ParseLimits {
  /** Sequences within sequences. */
  readonly depth: number;
  /** Elements, items and fragments altogether. */
  readonly elements: number;
  /** Bytes of a deflated dataset once inflated. */
  readonly inflatedLength: number;
  /** Bytes of all values that are kept; those after are left in the file. Not for values that are parts of `parseDicom`'s buffer. */
  readonly keptLength: number;
}

export const defaultLimits: ParseLimits = {
  depth: 512,
  elements: 1_000_000,
  inflatedLength: 2 ** 29,
  keptLength: 64 * 2 ** 20,
};
