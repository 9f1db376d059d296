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

let pool: CodecPool | undefined;
afterEach(() => pool?.close());
const open = (options: CodecPoolOptions = {}): CodecPool => (pool = createCodecPool({ size: 2, ...options }));

describe("a codec pool", () => {
  it("encodes and decodes, more frames than it has threads", async () => {
    const { run } = open();
    const encoded = await Promise.all(Array.from({ length: 5 }, () => run(encode(rle))));
    const decoded = await Promise.all(
      encoded.map((frame) => run({ ...frame, encodedIn: rle, target: { kind: "native" } })),
    );
    for (const frame of decoded) expect(frame.bytes.equals(bytes)).toBe(true);
    expect(bytes.length).toBe(64 * 64 * 2);
  });

  it("hands errors on", async () => {
    const { run } = open();
    const broken = run({ bytes: Buffer.alloc(3), shape, encodedIn: jpeg2000, target: { kind: "native" } });
    await expect(broken).rejects.toMatchObject({ name: "ServerError", errorName: "BadFileFormat" });
    await expect(run(encode("1.2.840.10008.1.2.4.100"))).rejects.toMatchObject({ errorName: "NotImplemented" });
    const huge = encode(rle, { shape: { ...shape, rows: 65_535, columns: 65_535 } });
    await expect(run(huge)).rejects.toMatchObject({ errorName: "NotImplemented" });
  });

  it("goes on after a decoder broke down", async () => {
    const { run } = open({ size: 1 });
    const frame = await run(encode(jpeg2000));
    const cut = {
      bytes: frame.bytes.subarray(0, 200),
      shape,
      encodedIn: jpeg2000,
      target: { kind: "native" },
    } as const;
    await run(cut).catch(() => undefined);
    const decoded = await run({ ...frame, encodedIn: jpeg2000, target: { kind: "native" } });
    expect(decoded.bytes.equals(bytes)).toBe(true);
  });

  it("starts threads anew after they ended for want of work", async () => {
    const { run } = open({ idleTime: 0 });
    for (let turn = 0; turn < 3; turn++) {
      expect((await run(encode(rle))).bytes.length).toBeGreaterThan(64);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it("gives up what takes too long", async () => {
    const { run } = open({ size: 1, taskTime: 0 });
    await expect(run(encode(jpeg2000))).rejects.toThrow("took more than 0 ms");
  });

  it("fails what waits when it is closed", async () => {
    const { run, close } = open({ size: 1 });
    const both = Promise.allSettled([run(encode(jpeg2000)), run(encode(jpeg2000))]);
    await close();
    expect((await both).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(run(encode(rle))).rejects.toThrow("closed");
  });
});
