import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toJsonModel, type JsonModel } from "../../src/dicom/json-model.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { transferSyntax } from "../../src/dicom/transfer-syntaxes.ts";
import { sharedData } from "../shared-data.ts";
import { startPartsServer, type PartsServer } from "./parts-server.ts";
import { partsOf, sha256 } from "./read-parts.ts";

interface PixelTruth {
  readonly samplesPerPixel: number;
  readonly bitsAllocated: number;
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly sha256?: readonly string[];
}

const folder = sharedData();
const explicitLittleEndian = "1.2.840.10008.1.2.1";

function truth(): Readonly<Record<string, PixelTruth>> {
  return folder === undefined ? {} : JSON.parse(readFileSync(join(folder, "truth/pixels.json"), "utf8"));
}

/** The corpus unpacks pixels of one bit, the lowest first, to one byte each. */
function unpacked(frame: Buffer, { rows, columns }: Pick<PixelTruth, "rows" | "columns">): Buffer {
  return Buffer.from(
    Array.from({ length: rows * columns }, (_, pixel) => ((frame[pixel >> 3] ?? 0) >> (pixel & 7)) & 1),
  );
}

/** Without what is encoded differently: group lengths are gone already, the file's padding and its character set stay. */
function model(file: Buffer): JsonModel {
  return toJsonModel(parseDicom(file).dataset);
}

/** Attributes that describe the pixels: PhotometricInterpretation to HighBit, LossyImageCompression, icons, offset tables, PixelData. */
const ofPixels: ReadonlySet<string> = new Set(
  "00280004 00280006 00280100 00280101 00280102 00282110 00880200 7FE00001 7FE00002 7FE00010".split(" "),
);

function omit(json: JsonModel, tags: ReadonlySet<string>): JsonModel {
  return Object.fromEntries(Object.entries(json).filter(([tag]) => !tags.has(tag)));
}

/** The frames in native pixel data: those of single bits follow each other without padding. */
function nativeFrames(pixels: Buffer, { rows, columns, frames, samplesPerPixel, bitsAllocated }: PixelTruth): Buffer[] {
  const all = bitsAllocated === 1 ? unpacked(pixels, { rows: rows * frames, columns }) : pixels;
  const length = (rows * columns * samplesPerPixel * Math.max(8, bitsAllocated)) / 8;
  return Array.from({ length: frames }, (_, frame) => all.subarray(frame * length, (frame + 1) * length));
}

const identifiers = [0x0020000d, 0x0020000e, 0x00080018];

/** Images of all encodings that have the identifiers an archive needs. */
const images = Object.entries(truth()).filter(([path]) => {
  if (folder === undefined || !/^(syntaxes|objects)\//.test(path)) return false;
  const { dataset } = parseDicom(readFileSync(join(folder, path)), { stopAtPixelData: true });
  return identifiers.every((tag) => (dataset.text(tag) ?? "") !== "");
});

describe.skipIf(folder === undefined)("the corpus through WADO-RS", () => {
  let server: PartsServer;
  beforeAll(async () => {
    server = await startPartsServer();
  });
  afterAll(async () => server.close());

  /** The URL of an instance that is there while `use` runs. */
  async function withInstance(file: Buffer, use: (url: string) => Promise<void>): Promise<void> {
    const { identifiers, uids } = await server.archive.ingest(file, { kind: "RestApi" });
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = uids;
    try {
      await use(
        `${server.url}/dicom-web/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`,
      );
    } finally {
      await server.archive.remove(identifiers.Patient);
    }
  }

  it.each(images)("%s: frames", async (path, expected) => {
    const file = readFileSync(join(folder ?? "", path));
    const { dataset, transferSyntaxUID } = parseDicom(file);
    const syntax = transferSyntax(transferSyntaxUID);
    if (syntax === undefined || syntax.video === true || !dataset.has(0x7fe00010)) return;
    await withInstance(file, async (url) => {
      const frames = await partsOf(await fetch(`${url}/frames`));
      expect(frames).toHaveLength(expected.frames);
      if (expected.sha256 === undefined || (!syntax.encapsulated && dataset.number(0x00280006) === 1)) return;
      const hashes = frames.map(({ body }) => sha256(expected.bitsAllocated === 1 ? unpacked(body, expected) : body));
      expect(hashes).toEqual(expected.sha256);
    });
  });

  it.each(images)("%s: in Explicit VR Little Endian", async (path, expected) => {
    const file = readFileSync(join(folder ?? "", path));
    const { transferSyntaxUID } = parseDicom(file);
    await withInstance(file, async (url) => {
      const [part] = await partsOf(
        await fetch(url, { headers: { Accept: 'multipart/related; type="application/dicom"' } }),
      );
      const sent = part?.body ?? Buffer.alloc(0);
      const syntax = transferSyntax(transferSyntaxUID);
      if (syntax === undefined || syntax.video === true || transferSyntaxUID === explicitLittleEndian) {
        expect(sha256(sent)).toBe(sha256(file));
        return;
      }
      const { dataset, transferSyntaxUID: sentSyntax } = parseDicom(sent);
      expect(sentSyntax).toBe(explicitLittleEndian);
      const changing = syntax.encapsulated || syntax.bigEndianPixels === true ? ofPixels : new Set<string>();
      expect(omit(model(sent), changing)).toEqual(omit(model(file), changing));
      if (!syntax.encapsulated || expected.sha256 === undefined) return;
      const pixels = dataset.get(0x7fe00010)?.value ?? Buffer.alloc(0);
      expect(nativeFrames(pixels, expected).map(sha256)).toEqual(expected.sha256);
    });
  });
});
