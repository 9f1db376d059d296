import type { Dataset } from "../dicom/dataset.ts";
import { parseDicom, type ParsedDicom, type ParseOptions } from "../dicom/parse.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import type { Spooled } from "./archive.ts";
import { sliceStream } from "./byte-slice.ts";
import { inflated, readDataset } from "./headers.ts";
import { pixelElement } from "./pixel-data.ts";
import type { ReadValue } from "./stream-dataset.ts";

/** A file that was read, big values left where they are. */
export interface TranscodingSource {
  readonly meta: Dataset;
  readonly dataset: Dataset;
  readonly transferSyntaxUID: string;
  readonly readValue: ReadValue;
}

const SOPInstanceUID = 0x00080018;

/** Empty when there is none. */
export function sopInstanceUID(dataset: Dataset): string {
  return dataset.text(SOPInstanceUID) ?? "";
}

/** A file in memory. Throws `BadFileFormat` when it is no DICOM file. */
export function memorySource(file: Buffer): TranscodingSource {
  const { meta, dataset, transferSyntaxUID } = parseDicom(file);
  const isDeflated = transferSyntax(transferSyntaxUID)?.deflated === true;
  const pixels = pixelElement({ dataset, transferSyntaxUID });
  // Offsets in a deflated file are those in what is inflated, of which the parser keeps the values only.
  const inflated = isDeflated && pixels !== undefined ? dataset.get(pixels.tag)?.value : undefined;
  const base = inflated === undefined ? 0 : (pixels?.offset ?? 0);
  const bytes = inflated ?? file;
  return {
    meta,
    dataset,
    transferSyntaxUID,
    async *readValue({ start, end }) {
      yield bytes.subarray(start - base, end - base);
    },
  };
}

/** A file that is kept for a while, and its header. Throws `BadFileFormat` when it is no DICOM file. */
export async function spooledSource(
  spooled: Spooled,
  parsing: ParseOptions,
): Promise<TranscodingSource & { readonly header: ParsedDicom }> {
  const header = await readDataset(spooled.read({ start: 0, end: spooled.size }), parsing);
  const isDeflated = transferSyntax(header.transferSyntaxUID)?.deflated === true;
  const dataset = { start: header.datasetOffset, end: spooled.size };
  return {
    ...header,
    header,
    readValue: (range) => (isDeflated ? sliceStream(inflated(spooled.read(dataset)), range) : spooled.read(range)),
  };
}
