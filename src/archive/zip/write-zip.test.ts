import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { writeZip, type ZipSource } from "./write-zip.ts";

const megabyte = randomBytes(1 << 20);

/** Files of `size` MB each without end, and how many of their streams were begun and closed. */
function endless(size: number) {
  const seen = { begun: 0, closed: 0, sourcesClosed: false };
  const stream = async function* (): AsyncGenerator<Buffer, void, void> {
    seen.begun += 1;
    try {
      for (let at = 0; at < size; at++) {
        await Promise.resolve();
        yield megabyte;
      }
    } finally {
      seen.closed += 1;
    }
  };
  const sources = async function* (): AsyncGenerator<ZipSource, void, void> {
    try {
      for (let at = 0; ; at++) yield { name: `${at}`, open: async () => ({ size: undefined, stream: stream() }) };
    } finally {
      seen.sourcesClosed = true;
    }
  };
  return { seen, sources: sources() };
}

describe("an archive that nobody reads to its end", () => {
  it.each([
    ["small", 1],
    ["large", 20],
  ])("closes the streams of its %s files", async (_, size) => {
    const { seen, sources } = endless(size);
    const zip = writeZip(sources, { filesAhead: 3, date: new Date() });
    await zip.next();
    await zip.return();
    expect(seen.begun).toBeGreaterThan(1);
    expect(seen).toMatchObject({ closed: seen.begun, sourcesClosed: true });
  });

  it("reads no further ahead than it may", async () => {
    const { seen, sources } = endless(1);
    const zip = writeZip(sources, { filesAhead: 3, date: new Date() });
    for (let chunk = 0; chunk < 20; chunk++) await zip.next();
    expect(seen.begun).toBeLessThanOrEqual(20 + 3);
    await zip.return();
  });
});

describe("an archive of a source that fails", () => {
  it.each(["open", "first chunk", "later chunk"])("fails at its %s, and closes the others", async (where) => {
    const { seen, sources } = endless(1);
    const failing = async function* (): AsyncGenerator<Buffer, void, void> {
      if (where === "later chunk") for (let at = 0; at < 10; at++) yield megabyte;
      await Promise.resolve();
      throw new Error("broken");
    };
    const all = async function* (): AsyncGenerator<ZipSource, void, void> {
      yield {
        name: "broken",
        open: async () => {
          if (where === "open") throw new Error("broken");
          return { size: undefined, stream: failing() };
        },
      };
      yield* sources;
    };
    const reading = Array.fromAsync(writeZip(all(), { filesAhead: 3, date: new Date() }));
    await expect(reading).rejects.toThrow("broken");
    expect(seen.closed).toBe(seen.begun);
  });
});
