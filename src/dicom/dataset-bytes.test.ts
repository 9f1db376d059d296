import { describe, expect, test } from "vitest";
import { buildDataset } from "./build-dataset.ts";
import { datasetBytes } from "./dataset-bytes.ts";
import { writeDataset, writeDicom } from "./write.ts";

const transferSyntaxUID = "1.2.840.10008.1.2.1";
const dataset = buildDataset([
  { tag: 0x00080016, value: "1.2.840.10008.5.1.4.1.1.2" },
  { tag: 0x00080018, value: "1.2.3" },
  { tag: 0x00100010, value: "Smith^John" },
]);
const written = writeDataset(dataset, { transferSyntaxUID });
const file = writeDicom({ dataset }, { transferSyntaxUID });

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const bytesOf = async (bytes: Buffer, size: number) =>
  Buffer.concat(await Array.fromAsync(datasetBytes(inPieces(bytes, size))));

describe("datasetBytes", () => {
  test.each([1, 7, 100, 131, 133, 10_000])(
    "drops what stands before the dataset, in pieces of %i bytes",
    async (size) => {
      expect(await bytesOf(file, size)).toEqual(written);
    },
  );

  test("a file that is only a dataset stays as it is", async () => {
    expect(await bytesOf(written, 50)).toEqual(written);
  });

  test("a dataset of odd length is padded", async () => {
    const odd = Buffer.concat([file, Buffer.of(1)]);
    expect(await bytesOf(odd, 50)).toEqual(Buffer.concat([written, Buffer.of(1, 0)]));
  });

  test("an empty dataset is empty", async () => {
    expect(await bytesOf(file.subarray(0, file.length - written.length), 64)).toEqual(Buffer.alloc(0));
  });

  test("meta information without end is refused", async () => {
    const endless = Buffer.concat([
      Buffer.alloc(128),
      Buffer.from("DICM"),
      Buffer.alloc(2_000_000, Buffer.of(2, 0, 1, 0, 0x53, 0x48, 0, 0)),
    ]);
    await expect(bytesOf(endless, 65_536)).rejects.toMatchObject({ errorName: "BadFileFormat" });
  });
});
