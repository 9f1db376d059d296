/** Bytes `start … end - 1`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}
