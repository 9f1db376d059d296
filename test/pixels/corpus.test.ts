import { afterAll, describe, expect, it } from "vitest";
import { createTranscoding, type DecodedFrame } from "../../src/archive/transcode.ts";
import { createCodecPool } from "../../src/pixels/codec-pool.ts";
import { fileArchive } from "./file-archive.ts";
import { corpus, corpusFile, pixelTruth, sha256, type PixelTruth } from "./pixel-truth.ts";

/** Images that are refused, with what is said. No decoder of the truth reads them either, unless a remark says so. */
const refused: Readonly<Record<string, string>> = {
  "malformed/fo-dicom/GH1146.dcm": "PixelData has 0 bytes",
  // BitsAllocated 12 is retired; one decoder gives the packed bytes as they are.
  "malformed/fo-dicom/GH340.dcm": "samples of 12 bits cannot be decoded",
  "malformed/fo-dicom/genFile.dcm": "no JPEG frame header",
  // GDCM and imagecodecs read items out of a value of defined length; DCMTK refuses it.
  "malformed/generated/encap_defined_length.dcm": "PixelData is native",
  // DCMTK gives two frames of the five.
  "malformed/generated/encap_fewer_fragments.dcm": "2 fragments for 5 frames",
  "malformed/generated/encap_jpeg_bomb_dimensions.dcm": "65535 × 65535",
  "malformed/generated/encap_jpeg_garbage.dcm": "no JPEG frame header",
  "malformed/generated/encap_jpeg_truncated.dcm": "cannot be decoded",
  "malformed/generated/encap_missing_bot.dcm": "no JPEG frame header",
  "malformed/generated/encap_no_bot_item.dcm": "no JPEG frame header",
  "malformed/generated/rle_16_segments.dcm": "200 segments",
  "malformed/generated/rle_bad_offsets.dcm": "segment 0 is not in the frame",
  // GDCM takes it for native; DCMTK refuses it.
  "malformed/generated/ts_says_jpeg_native.dcm": "PixelData is native",
  "malformed/generated/ts_says_native_encapsulated.dcm": "PixelData is encapsulated",
  // DCMTK gives no bytes for these two.
  "malformed/generated/value_bits_allocated_7.dcm": "samples of 7 bits cannot be decoded",
  "malformed/generated/value_samples_0.dcm": "0 samples",
  "malformed/generated/value_empty_pixel_data.dcm": "PixelData has 0 bytes",
  "malformed/generated/value_frames_huge.dcm": "2147483647 frames",
  "malformed/generated/value_pixel_data_short.dcm": "PixelData has 100 bytes",
  "malformed/generated/value_rows_65535.dcm": "65535 × 65535",
  // GDCM ignores two of the three samples; DCMTK says that bytes are missing.
  "malformed/generated/value_samples_3_mono.dcm": "PixelData has 384 bytes",
  "malformed/pydicom/JPEG2000-embedded-sequence-delimiter.dcm": "1024 × 3722445056",
  // One decoder reads beyond the end of the file.
  "malformed/pydicom/MR_truncated.dcm": "the data ends here",
  "nondicom/archives/dicom_with_zip_tail.dcm": "the data ends here",
  "syntaxes/fragments/generated_encapsulated_defined_bot_1_to_1.dcm": "no JPEG 2000 main header",
  "syntaxes/fragments/generated_encapsulated_defined_bot_2_to_1.dcm": "no JPEG 2000 main header",
  "syntaxes/fragments/generated_encapsulated_defined_bot_2_to_2.dcm": "no JPEG 2000 main header",
  "syntaxes/fragments/generated_encapsulated_empty_bot_1_to_1.dcm": "no JPEG 2000 main header",
  "syntaxes/fragments/generated_encapsulated_empty_bot_2_to_1.dcm": "no JPEG 2000 main header",
};

/** Images about which the truth says nothing: its decoders, or its scripts, gave up on them. */
const unknown: readonly string[] = [
  "malformed/generated/meta_empty_transfer_syntax.dcm",
  "malformed/generated/value_frames_text.dcm",
  "malformed/pydicom/badVR.dcm",
  "syntaxes/generated/unknown_transfer_syntax.dcm",
];

/** Frames smaller than the image, which decoders put into it in different ways (from 0). */
const cropped: Readonly<Record<string, readonly number[]>> = {
  "malformed/generated/encap_jpeg_size_lies.dcm": [0],
  "objects/wsi/multiframe.dcm": [13, 27, 41, 55, 69, 83, 97, 111, ...Array.from({ length: 15 }, (_, at) => 125 + at)],
};

/** Native YBR_FULL_422, which the truth has with two samples a pixel, as it is stored. */
const subsampled: readonly string[] = [
  "syntaxes/uncompressed/SC_ybr_full_422_uncompressed.dcm",
  "syntaxes/uncompressed/US-YBR_FULL_422-EVRLE.dcm",
];

const pool = createCodecPool();
afterAll(() => pool.close());

async function decodeAll(path: string, truth: PixelTruth): Promise<readonly DecodedFrame[]> {
  const transcoding = createTranscoding({ archive: fileArchive(corpusFile(path)), pool, lossyQuality: 90 });
  const count = Math.max(1, path in refused ? 1 : (truth.frames ?? 1));
  return await Promise.all(Array.from({ length: count }, (_, frame) => transcoding.decodedFrame("the file", frame)));
}

/** Undoes the upsampling: Y1 CB CR Y2 CB CR becomes Y1 Y2 CB CR. */
function subsample({ bytes }: DecodedFrame): Buffer {
  const pairs = Array.from({ length: bytes.length / 6 }, (_, pair) => bytes.subarray(pair * 6, pair * 6 + 6));
  return Buffer.concat(pairs.map((pair) => Buffer.from([pair[0] ?? 0, pair[3] ?? 0, pair[1] ?? 0, pair[2] ?? 0])));
}

/** Hashes of what a decoder that gave the same colours made of the image. */
function lossyHashes({ decoders = {} }: PixelTruth, photometric: string): readonly (readonly string[])[] {
  return Object.values(decoders)
    .filter((one) => one.photometric === photometric || one.photometric === "as in the codestream")
    .map((one) => one.sha256)
    .filter((hashes) => Array.isArray(hashes));
}

/** Floats in the inverse transform round differently in each build: as close to one decoder of the truth as the others are. */
function expectClose({ shape, bytes }: DecodedFrame, { frame0 }: PixelTruth): void {
  const differences = Object.values(frame0?.differenceTo ?? {});
  expect([shape.bitsAllocated, differences.length > 0]).toEqual([8, true]);
  const mean = bytes.reduce((sum, sample) => sum + sample, 0) / bytes.length;
  expect(Math.abs(mean - (frame0?.mean ?? 0))).toBeLessThanOrEqual(Math.max(...differences.map((one) => one.mean)));
  expect([bytes.indexOf(frame0?.min ?? 0) >= 0, bytes.indexOf(frame0?.max ?? 0) >= 0]).toEqual([true, true]);
}

describe.skipIf(corpus === undefined)("frames of the corpus", () => {
  const readable = pixelTruth.filter(([path]) => !(path in refused) && !unknown.includes(path));
  const lossless = readable.filter(([, { sha256: hashes }]) => hashes !== undefined);
  const lossy = readable.filter(([, { sha256: hashes }]) => hashes === undefined);

  it.each(lossless)("%s: decoded without loss", async (path, truth) => {
    const frames = await decodeAll(path, truth);
    expect(frames.map((frame) => sha256(subsampled.includes(path) ? subsample(frame) : frame.bytes))).toEqual(
      truth.sha256,
    );
  });

  it.each(lossy)("%s: decoded as others do", async (path, truth) => {
    const frames = await decodeAll(path, truth);
    const hashes = frames.map(({ bytes }) => sha256(bytes));
    const skipped = cropped[path] ?? [];
    const whole = (list: readonly string[]) => list.filter((_, frame) => !skipped.includes(frame));
    const [first] = frames;
    if (first === undefined) throw new Error("no frame");
    const others = lossyHashes(truth, first.shape.photometricInterpretation).map(whole);
    if (!others.some((list) => list.join() === whole(hashes).join())) expectClose(first, truth);
  });

  it.each(Object.entries(refused))("%s: refused", async (path, problem) => {
    const decoding = (async () => await decodeAll(path, {}))();
    await expect(decoding).rejects.toThrow(problem);
    await expect(decoding).rejects.toHaveProperty("name", "ServerError");
  });
});
