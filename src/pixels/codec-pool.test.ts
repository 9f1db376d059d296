import { afterEach, describe, expect, it } from "vitest";
import { createCodecPool, type CodecPool, type CodecPoolOptions } from "./codec-pool.ts";
import type { FrameShape } from "./frame.ts";
import type { FrameTask } from "./frame-task.ts";

const rle = "1.2.840.10008.1.2.5";
const jpeg2000 = "1.2.840.10008.1.2.4.90";

const shape: FrameShape = {
  rows: 64,
  columns: 64,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  signed: false,
  float: false,
  photometricInterpretation: "MONOCHROME2",
  planarConfiguration: 0,
};
const bytes = Buffer.from(Uint16Array.from({ length: 64 * 64 }, (_, at) => at * 31).buffer);

function encode(transferSyntaxUID: string, more: Partial<FrameTask> = {}): FrameTask {
  return { bytes, shape, encodedIn: undefined, target: { kind: "encoded", transferSyntaxUID, quality: 90 }, ...more };
}

let opened: CodecPool | undefined;
afterEach(() => opened?.close());
const open = (options: CodecPoolOptions = {}): CodecPool => (opened = createCodecPool(options));

describe("a codec pool", () => {
  it("encodes and decodes, more frames than it has threads", async () => {
    const pool = open();
    const encoded = await Promise.all(Array.from({ length: 5 }, () => pool.run(encode(rle))));
    const decoded = await Promise.all(
      encoded.map((frame) => pool.run({ ...frame, encodedIn: rle, target: { kind: "native" } })),
    );
    for (const frame of decoded) expect(frame.bytes.equals(bytes)).toBe(true);
    expect(bytes.length).toBe(64 * 64 * 2);
  });

  it("hands errors on", async () => {
    const pool = open();
    const broken = pool.run({ bytes: Buffer.alloc(3), shape, encodedIn: jpeg2000, target: { kind: "native" } });
    await expect(broken).rejects.toMatchObject({ name: "ServerError", errorName: "BadFileFormat" });
    await expect(pool.run(encode("1.2.840.10008.1.2.4.100"))).rejects.toMatchObject({ errorName: "NotImplemented" });
    const huge = encode(rle, { shape: { ...shape, rows: 65_535, columns: 65_535 } });
    await expect(pool.run(huge)).rejects.toMatchObject({ errorName: "NotImplemented" });
  });

  it("goes on after a decoder broke down", async () => {
    const pool = open({ threads: 1 });
    const frame = await pool.run(encode(jpeg2000));
    const cut = {
      bytes: frame.bytes.subarray(0, 200),
      shape,
      encodedIn: jpeg2000,
      target: { kind: "native" },
    } as const;
    await pool.run(cut).catch(() => undefined);
    const decoded = await pool.run({ ...frame, encodedIn: jpeg2000, target: { kind: "native" } });
    expect(decoded.bytes.equals(bytes)).toBe(true);
  });

  it("starts threads anew after they ended for want of work", async () => {
    const pool = open({ idleTime: 0 });
    for (let turn = 0; turn < 3; turn++) {
      expect((await pool.run(encode(rle))).bytes.length).toBeGreaterThan(64);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it("gives up what takes too long", async () => {
    const pool = open({ threads: 1, taskTime: 0 });
    await expect(pool.run(encode(jpeg2000))).rejects.toThrow("took more than 0 ms");
  });

  it("fails what waits when it is closed", async () => {
    const pool = open({ threads: 1 });
    const both = Promise.allSettled([pool.run(encode(jpeg2000)), pool.run(encode(jpeg2000))]);
    await pool.close();
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(pool.run(encode(rle))).rejects.toThrow("closed");
  });
});
