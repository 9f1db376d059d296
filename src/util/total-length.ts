/** The sum of the lengths of buffers. */
export function totalLength(buffers: readonly { readonly length: number }[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
