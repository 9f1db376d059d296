import { DicomReader, type ParsedDicom, type ParseOptions } from "../dicom/parse.ts";
import { asBuffer } from "./received.ts";

/** Of the check of a file's structure no value is kept that is longer than a UID or the creator of private tags. */
const checkedValueLength = 64;

/** Reads the header of a whole object, keeping none of its bytes, and checks the structure of the rest. Throws `BadFileFormat`. */
export function readWholeHeader(chunks: readonly Buffer[], options: ParseOptions): ParsedDicom {
  const reader = new DicomReader({ ...options, stopAtPixelData: true, checkRest: true, lent: true });
  for (const chunk of chunks) reader.push(chunk);
  return reader.end();
}

/**
 * Passes an object through unchanged. `decide` is called, and waited for, once the header has been read: long before the end
 * for images. Throws what `decide` throws, and `BadFileFormat` when the header or the structure of the rest is broken.
 */
export async function* inspectHeader(
  data: AsyncIterable<Uint8Array>,
  options: ParseOptions,
  decide: (header: ParsedDicom) => Promise<void>,
): AsyncGenerator<Buffer, void, void> {
  const structure = new DicomReader({
    ...options,
    maximumValueLength: checkedValueLength,
    stopAtPixelData: true,
    checkRest: true,
  });
  const reader = new DicomReader({ ...options, stopAtPixelData: true });
  let isDecided = false;
  for await (const bytes of data) {
    const chunk = asBuffer(bytes);
    structure.push(chunk);
    if (!isDecided) {
      reader.push(chunk);
      if (reader.headerComplete) {
        isDecided = true;
        await decide(reader.end());
      }
    }
    yield chunk;
  }
  structure.end();
  if (!isDecided) await decide(reader.end());
}
