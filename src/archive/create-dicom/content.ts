import { type NewAttribute, buildElement } from "../../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import type { Element } from "../../dicom/dataset.ts";
import { explicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import type { CodecPool } from "../../pixels/codec-pool.ts";
import { readJpegHeader } from "../../pixels/codecs/jpeg-header.ts";
import type { FrameShape } from "../../pixels/frame.ts";
import { ServerError } from "../../util/errors.ts";
import { type Bitmap, largestBitmap } from "./bitmap.ts";
import { type DataUri, parseDataUri } from "./data-uri.ts";
import { readPam } from "./pam-reader.ts";
import { readPng } from "./png-reader.ts";

/** What makes an instance of a picture or document. */
export interface Content {
  readonly transferSyntaxUID: string;
  readonly elements: readonly Element[];
  /** Attributes for an instance that does not have them. */
  readonly defaults: readonly Element[];
}

export interface ContentOptions {
  /** Runs the JPEG decoder. */
  readonly codecs: Pick<CodecPool, "run">;
  /** JPEG stays compressed. */
  readonly encapsulate: boolean;
}

const jpegBaseline = "1.2.840.10008.1.2.4.50";
const startOfBaselineFrame = 0xc0;

const tags = {
  SOPClassUID: 0x00080016,
  Modality: 0x00080060,
  ConversionType: 0x00080064,
  SamplesPerPixel: 0x00280002,
  PhotometricInterpretation: 0x00280004,
  PlanarConfiguration: 0x00280006,
  Rows: 0x00280010,
  Columns: 0x00280011,
  BitsAllocated: 0x00280100,
  BitsStored: 0x00280101,
  HighBit: 0x00280102,
  PixelRepresentation: 0x00280103,
  LossyImageCompression: 0x00282110,
  LossyImageCompressionMethod: 0x00282114,
  EncapsulatedDocument: 0x00420011,
  MIMETypeOfEncapsulatedDocument: 0x00420012,
  EncapsulatedDocumentLength: 0x00420015,
  PixelData: 0x7fe00010,
} as const;

/** Documents by media type: their SOP class (PS3.4 §B.5) and modality. */
const documents: Readonly<Record<string, { readonly sopClass: string; readonly modality: string }>> = {
  "application/pdf": { sopClass: "1.2.840.10008.5.1.4.1.1.104.1", modality: "OT" },
  "model/stl": { sopClass: "1.2.840.10008.5.1.4.1.1.104.3", modality: "M3D" },
  "model/obj": { sopClass: "1.2.840.10008.5.1.4.1.1.104.4", modality: "M3D" },
  "model/mtl": { sopClass: "1.2.840.10008.5.1.4.1.1.104.5", modality: "M3D" },
};

type Reader = (bytes: Buffer, options: ContentOptions) => Content | Promise<Content>;

const readers: Readonly<Record<string, Reader>> = {
  "image/png": (bytes) => bitmapContent(readPng(bytes)),
  "image/x-portable-arbitrarymap": (bytes) => bitmapContent(readPam(bytes)),
  "image/jpeg": jpegContent,
  "application/octet-stream": (bytes) => content([{ tag: tags.PixelData, vr: "OW", value: bytes }]),
};

/**
 * The attributes that hold a picture or document, given as data URI. Throws `BadFileFormat` for what is no data URI or is broken, and
 * `NotImplemented` for other media types.
 */
export async function readContent(uri: string, options: ContentOptions): Promise<Content> {
  const data = parseDataUri(uri);
  if (data === undefined) throw new ServerError("BadFileFormat", "expected a data URI in base64");
  const { mediaType, bytes } = data;
  const document = Object.hasOwn(documents, mediaType) ? documents[mediaType] : undefined;
  if (document !== undefined) return documentContent(data, document.sopClass, document.modality);
  const read = Object.hasOwn(readers, mediaType) ? readers[mediaType] : undefined;
  if (read !== undefined) return read(bytes, options);
  const known = [...Object.keys(readers), ...Object.keys(documents)].join(", ");
  throw new ServerError("NotImplemented", `no DICOM instance is made of "${mediaType}", expected one of ${known}`);
}

function elementsOf(attributes: readonly NewAttribute[]): readonly Element[] {
  const encoding = { littleEndian: true, charset: SpecificCharacterSet.default };
  return attributes.map((attribute) => buildElement(attribute, encoding));
}

function content(attributes: readonly NewAttribute[], defaults: readonly NewAttribute[] = []): Content {
  return {
    transferSyntaxUID: explicitLittleEndian.uid,
    elements: elementsOf(attributes),
    defaults: elementsOf(defaults),
  };
}

/** The Image Pixel Module (PS3.3 §C.7.6.3), without the pixel data. */
function imageAttributes(image: Omit<Bitmap, "bytes">, photometricInterpretation: string): NewAttribute[] {
  const { rows, columns, samplesPerPixel, bits } = image;
  return [
    { tag: tags.SamplesPerPixel, value: samplesPerPixel },
    { tag: tags.PhotometricInterpretation, value: photometricInterpretation },
    ...(samplesPerPixel === 1 ? [] : [{ tag: tags.PlanarConfiguration, value: 0 }]),
    { tag: tags.Rows, value: rows },
    { tag: tags.Columns, value: columns },
    { tag: tags.BitsAllocated, value: bits },
    { tag: tags.BitsStored, value: bits },
    { tag: tags.HighBit, value: bits - 1 },
    { tag: tags.PixelRepresentation, value: 0 },
  ];
}

function bitmapContent(bitmap: Bitmap): Content {
  const photometricInterpretation = bitmap.samplesPerPixel === 1 ? "MONOCHROME2" : "RGB";
  const pixels: NewAttribute = { tag: tags.PixelData, vr: "OW", value: bitmap.bytes };
  return content([...imageAttributes(bitmap, photometricInterpretation), pixels]);
}

async function jpegContent(bytes: Buffer, { codecs, encapsulate }: ContentOptions): Promise<Content> {
  const { marker, rows, columns, components, precision } = readJpegHeader(bytes);
  if (precision !== 8 || (components.length !== 1 && components.length !== 3)) {
    const problem = `a JPEG of ${components.length} components of ${precision} bits`;
    throw new ServerError("NotImplemented", `no DICOM instance is made of ${problem}`);
  }
  const samplesPerPixel = components.length === 1 ? 1 : 3;
  const image = { rows, columns, samplesPerPixel, bits: 8 } as const;
  if (rows * columns * samplesPerPixel > largestBitmap) throw new ServerError("BadFileFormat", "the JPEG is too large");
  if (encapsulate) return encapsulatedJpeg(bytes, marker, image);
  const shape: FrameShape = {
    rows,
    columns,
    samplesPerPixel,
    bitsAllocated: 8,
    bitsStored: 8,
    highBit: 7,
    signed: false,
    float: false,
    photometricInterpretation: samplesPerPixel === 1 ? "MONOCHROME2" : "YBR_FULL_422",
    planarConfiguration: 0,
  };
  const native = await codecs.run({ bytes, shape, encodedIn: jpegBaseline, target: { kind: "native" } });
  return bitmapContent({ ...image, bytes: native.bytes });
}

function encapsulatedJpeg(bytes: Buffer, marker: number, image: Omit<Bitmap, "bytes">): Content {
  if (marker !== startOfBaselineFrame) {
    throw new ServerError("NotImplemented", "only baseline JPEG can be encapsulated: leave out Encapsulate");
  }
  const photometricInterpretation = image.samplesPerPixel === 1 ? "MONOCHROME2" : "YBR_FULL_422";
  const { elements } = content([
    ...imageAttributes(image, photometricInterpretation),
    { tag: tags.LossyImageCompression, value: "01" },
    { tag: tags.LossyImageCompressionMethod, value: "ISO_10918_1" },
  ]);
  const fragments = [Buffer.alloc(0), bytes].map((value) => ({ offset: 0, length: value.length, value }));
  const pixelData: Element = { tag: tags.PixelData, vr: "OB", offset: 0, length: bytes.length, fragments };
  return { transferSyntaxUID: jpegBaseline, elements: [...elements, pixelData], defaults: [] };
}

function documentContent({ mediaType, bytes }: DataUri, sopClass: string, modality: string): Content {
  if (mediaType === "application/pdf" && bytes.toString("latin1", 0, 5) !== "%PDF-") {
    throw new ServerError("BadFileFormat", "the PDF does not begin with %PDF-");
  }
  // The padding of an odd document would be taken for a part of it.
  const length = bytes.length % 2 === 0 ? [] : [{ tag: tags.EncapsulatedDocumentLength, value: bytes.length }];
  return content(
    [{ tag: tags.SOPClassUID, value: sopClass }, { tag: tags.EncapsulatedDocument, value: bytes }, ...length],
    [
      { tag: tags.Modality, value: modality },
      { tag: tags.ConversionType, value: "WSD" },
      { tag: tags.MIMETypeOfEncapsulatedDocument, value: mediaType },
    ],
  );
}
