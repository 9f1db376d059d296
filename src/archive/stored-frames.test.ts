import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import { dicomAttachment } from "./metadata-numbers.ts";
import { createFindFrames, type FindFrames, readStoredFrame } from "./stored-frames.ts";

describe("frames of stored instances", () => {
  const { file, pixels } = makeImage({ rows: 16 });
  let opened: Awaited<ReturnType<typeof openMemoryArchive>>;
  let findFrames: FindFrames;
  let instance: string;
  beforeAll(async () => {
    opened = await openMemoryArchive();
    findFrames = createFindFrames(opened.archive);
    instance = (await opened.archive.ingest(file, { kind: "RestApi" })).identifiers.Instance;
  });
  afterAll(() => opened.close());

  it("are found and read", async () => {
    const stored = await findFrames(instance);
    expect([stored.frames.count, stored.transferSyntaxUID]).toEqual([1, "1.2.840.10008.1.2.1"]);
    const { bytes, shape, encodedIn } = await readStoredFrame(stored, 0);
    expect([bytes.equals(pixels), shape.rows, encodedIn]).toEqual([true, 16, undefined]);
    await expect(readStoredFrame(stored, 1)).rejects.toHaveProperty("errorName", "ParameterOutOfRange");
  });

  it("are found again where the file has moved to", async () => {
    for (const compressed of [true, false]) {
      expect(await opened.archive.setCompression(instance, dicomAttachment, compressed)).toBe(true);
      const { bytes } = await readStoredFrame(await findFrames(instance), 0);
      expect(bytes.equals(pixels)).toBe(true);
    }
  });

  it("are those of an image", async () => {
    const report = makeImage({ rows: 8, seed: 2, attributes: [[0x7fe00010, "OW", Buffer.alloc(0)]] });
    const { identifiers } = await opened.archive.ingest(report.file, { kind: "RestApi" });
    await expect(findFrames(identifiers.Instance)).rejects.toHaveProperty("name", "ServerError");
    await expect(findFrames("nothing")).rejects.toHaveProperty("errorName", "UnknownResource");
  });
});
