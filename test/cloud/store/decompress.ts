import type { Dataset } from "../../../src/dicom/dataset.ts";
import { parseDicom } from "../../../src/dicom/parse.ts";
import { writeExplicitFile, type Replacement } from "./explicit-writer.ts";
import type { StoredInstance } from "./dicom-store.ts";
import { firstText } from "./json-dataset.ts";
import { decodeRunLengthFrame, type FrameShape } from "./run-length.ts";

export const explicitLittleEndian = "1.2.840.10008.1.2.1";
const runLength = "1.2.840.10008.1.2.5";
const pixelData = 0x7fe00010;
const planarConfiguration = 0x00280006;

/** What can be turned into Explicit VR Little Endian here: implicit, deflated, big endian and RLE. */
const decodable = new Set([
  "1.2.840.10008.1.2",
  explicitLittleEndian,
  "1.2.840.10008.1.2.1.99",
  "1.2.840.10008.1.2.2",
  runLength,
]);

/** Of compressed images, Google leaves those of single bits alone. */
export function canDecompress({ transferSyntaxUID, attributes }: StoredInstance): boolean {
  const bits = Number(firstText(attributes, "00280100") ?? "8");
  return decodable.has(transferSyntaxUID) && (transferSyntaxUID !== runLength || bits % 8 === 0);
}

/** The file in Explicit VR Little Endian with native pixel data. */
export function decompress(file: Buffer): Buffer {
  const { meta, dataset, transferSyntaxUID } = parseDicom(file);
  const replacements = transferSyntaxUID === runLength ? decodedPixels(dataset) : [];
  return writeExplicitFile(meta, dataset, replacements);
}

function decodedPixels(dataset: Dataset): Replacement[] {
  // Item 0 is the Basic Offset Table. A frame of RLE is one fragment (PS3.5 §A.4.2).
  const frames = dataset.get(pixelData)?.fragments?.slice(1) ?? [];
  if (frames.length === 0) return [];
  const shape = frameShape(dataset);
  const value = Buffer.concat(frames.map((frame) => decodeRunLengthFrame(frame.value ?? Buffer.alloc(0), shape)));
  const pixels = { tag: pixelData, vr: shape.bytesPerSample > 1 ? "OW" : "OB", value };
  return dataset.has(planarConfiguration)
    ? [pixels, { tag: planarConfiguration, vr: "US", value: Buffer.from([0, 0]) }]
    : [pixels];
}

/** The shape of the frames of an image. */
export function frameShape(dataset: Dataset): FrameShape {
  return {
    pixels: (dataset.number(0x00280010) ?? 0) * (dataset.number(0x00280011) ?? 0),
    samples: dataset.number(0x00280002) ?? 1,
    bytesPerSample: (dataset.number(0x00280100) ?? 8) / 8,
  };
}
