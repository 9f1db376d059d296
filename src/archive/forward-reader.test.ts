import { describe, expect, it } from "vitest";
import { createForwardReader } from "./forward-reader.ts";
import type { ReadValue } from "./stream-dataset.ts";

const bytes = Buffer.from(Array.from({ length: 100 }, (_, at) => at));

/** Reads in chunks of ten bytes, and notes each range and whether it was closed. */
function watched(): { readonly readValue: ReadValue; readonly opened: string[]; readonly closed: string[] } {
  const opened: string[] = [];
  const closed: string[] = [];
  async function* readValue({ start, end }: { readonly start: number; readonly end: number }) {
    opened.push(`${start}-${end}`);
    try {
      for (let at = start; at < end; at += 10) yield bytes.subarray(at, Math.min(at + 10, end));
    } finally {
      closed.push(`${start}-${end}`);
    }
  }
  return { readValue, opened, closed };
}

describe("a forward reader", () => {
  it("reads ranges that follow each other from one stream, which it closes", async () => {
    const { readValue, opened, closed } = watched();
    {
      await using reader = createForwardReader(readValue, { start: 20, end: 90 });
      const read = async (start: number, end: number) =>
        Buffer.concat(await Array.fromAsync(reader.readValue({ start, end })));
      for (const [start, end] of [
        [20, 25],
        [25, 47],
        [47, 48],
        [60, 75],
        [75, 90],
      ] as const) {
        expect(await read(start, end)).toEqual(bytes.subarray(start, end));
      }
    }
    expect([opened, closed]).toEqual([["20-90"], ["20-90"]]);
  });

  it("goes back within the last chunk, and reads by itself what lies further back or outside", async () => {
    const { readValue, opened } = watched();
    await using reader = createForwardReader(readValue, { start: 0, end: 80 });
    const read = async (start: number, end: number) =>
      Buffer.concat(await Array.fromAsync(reader.readValue({ start, end })));
    expect(await read(0, 45)).toEqual(bytes.subarray(0, 45));
    expect(await read(41, 55)).toEqual(bytes.subarray(41, 55));
    expect(opened).toEqual(["0-80"]);
    expect(await read(5, 9)).toEqual(bytes.subarray(5, 9));
    expect(await read(85, 95)).toEqual(bytes.subarray(85, 95));
    expect(opened).toEqual(["0-80", "5-9", "85-95"]);
  });
});
