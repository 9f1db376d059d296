import type { Archive } from "../../src/archive/archive.ts";
import { readDataset } from "../../src/archive/headers.ts";
import { spooledSource } from "../../src/archive/transcoding-source.ts";
import { DicomReader } from "../../src/dicom/parse.ts";

/** What reads one file as the archive reads its instances: any identifier is that of the file, which needs no UIDs. */
export function fileArchive(file: Buffer): Pick<Archive, "open" | "header" | "dataset" | "readValue"> {
  const spooled = {
    size: file.length,
    async *read({ start, end }: { start: number; end: number }) {
      yield file.subarray(start, end);
    },
  };
  const whole = { start: 0, end: file.length };
  const reader = new DicomReader({ stopAtPixelData: true });
  reader.push(file);
  const header = reader.end();
  return {
    header: async () => header,
    dataset: () => readDataset(spooled.read(whole), {}),
    async *readValue(_, range) {
      yield* (await spooledSource(spooled, {})).readValue(range);
    },
    async open() {
      throw new Error("the file is at hand already");
    },
  };
}
