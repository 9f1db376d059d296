import { describe, expect, it } from "vitest";
import { recorded } from "./recorded.ts";

const chunkSize = 64 << 10;

async function* chunks(count: number, made: () => void = () => {}): AsyncGenerator<Uint8Array, void, void> {
  for (let number = 0; number < count; number++) {
    made();
    yield await Promise.resolve(Buffer.alloc(chunkSize, number));
  }
}

function unexpected(error: unknown): never {
  throw new Error("nothing was to fail", { cause: error });
}

async function* broken(): AsyncGenerator<Uint8Array, void, void> {
  yield* chunks(2);
  throw new Error("cannot be read");
}

describe("recorded", () => {
  it("gives the same to the reader and to the writer", async () => {
    let copy: Uint8Array[] = [];
    const write = async (stream: AsyncIterable<Uint8Array>) => void (copy = await Array.fromAsync(stream));
    const read = await Array.fromAsync(recorded(chunks(20), { write, failed: unexpected }));
    expect(copy).toHaveLength(20);
    expect(copy.map(([first]) => first)).toEqual(read.map(([first]) => first));
  });

  it("does not run ahead of a slow writer", async () => {
    const gate = Promise.withResolvers<void>();
    let made = 0;
    let received = 0;
    const write = async (stream: AsyncIterable<Uint8Array>) => {
      for await (const chunk of stream) {
        received += chunk.length;
        await gate.promise;
      }
    };
    const reading = Array.fromAsync(
      recorded(
        chunks(100, () => (made += 1)),
        { write, failed: unexpected },
      ),
    );
    for (let turn = 0; turn < 1000; turn++) await Promise.resolve();
    expect(made).toBeLessThan(10);
    gate.resolve();
    expect(await reading).toHaveLength(100);
    expect(received).toBe(100 * chunkSize);
  });

  it("goes on reading, and tells it, when the writer fails", async () => {
    const problem = new Error("the disk is full");
    const failures: unknown[] = [];
    const write = async (stream: AsyncIterable<Uint8Array>) => {
      for await (const chunk of stream) if (chunk[0] === 3) throw problem;
    };
    const read = await Array.fromAsync(recorded(chunks(100), { write, failed: (error) => failures.push(error) }));
    expect(read).toHaveLength(100);
    expect(failures).toEqual([problem]);
  });

  it("fails the writer, without telling it, when the reader leaves or the source fails", async () => {
    let failure: unknown;
    const write = async (stream: AsyncIterable<Uint8Array>) => {
      try {
        await Array.fromAsync(stream);
      } catch (error) {
        failure = error;
        throw error;
      }
    };
    for await (const _ of recorded(chunks(5), { write, failed: unexpected })) break;
    expect(failure).toEqual(new Error("the stream was not read to its end"));

    await expect(Array.fromAsync(recorded(broken(), { write, failed: unexpected }))).rejects.toThrow("cannot be read");
  });
});
