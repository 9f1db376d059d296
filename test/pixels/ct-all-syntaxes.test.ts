import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createTranscoding } from "../../src/archive/transcode.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { createCodecPool } from "../../src/pixels/codec-pool.ts";
import { fileArchive } from "./file-archive.ts";
import { corpus, corpusFile, sha256 } from "./pixel-truth.ts";

const root = "1.2.840.10008.1.2";
const lossless = [
  "",
  ".1",
  ".1.98",
  ".1.99",
  ".2",
  ".4.57",
  ".4.70",
  ".4.80",
  ".4.90",
  ".4.201",
  ".4.202",
  ".5",
  ".8.1",
];

const folder = "syntaxes/ct-all-syntaxes";
const files = corpus === undefined ? [] : readdirSync(join(corpus, folder)).map((name) => join(folder, name));

const pool = createCodecPool();
afterAll(() => pool.close());

async function pixelsOf(file: Buffer): Promise<string> {
  const transcoding = createTranscoding({ archive: fileArchive(file), pool, lossyQuality: 90 });
  return sha256((await transcoding.decodedFrame("the file", 0)).bytes);
}

describe.skipIf(corpus === undefined)("one CT image, from each transfer syntax to each without loss", () => {
  it.each(files)("%s", async (path) => {
    const file = corpusFile(path);
    const transcoding = createTranscoding({ archive: fileArchive(file), pool, lossyQuality: 90 });
    const pixels = await pixelsOf(file);
    for (const suffix of lossless) {
      const uid = `${root}${suffix}`;
      const { stream } = await transcoding.transcodeBytes(file, { transferSyntaxes: [uid], allowNewUid: false });
      const transcoded = Buffer.concat(await Array.fromAsync(stream));
      expect([uid, parseDicom(transcoded).transferSyntaxUID, await pixelsOf(transcoded)]).toEqual([uid, uid, pixels]);
    }
  });
});
