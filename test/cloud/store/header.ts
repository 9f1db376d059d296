import { DicomReader, type ParsedDicom } from "../../../src/dicom/parse.ts";
import type { StoredInstance } from "./dicom-store.ts";

/** Reads what comes before the pixel data; values of more than 64 KiB are left in the file. */
export async function readHeader(instance: StoredInstance): Promise<ParsedDicom> {
  const reader = new DicomReader({ stopAtPixelData: true, maximumValueLength: 65_536 });
  for await (const chunk of instance.bytes.read()) {
    reader.push(chunk);
    if (reader.headerComplete) break;
  }
  return reader.end();
}
