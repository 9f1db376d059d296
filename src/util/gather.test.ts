import { describe, expect, it } from "vitest";
import { ChunkQueue, type PushingSource } from "./chunk-queue.ts";
import { continued, gather } from "./gather.ts";

const bytes = (text: string): Buffer => Buffer.from(text);
const text = (chunks: readonly Uint8Array[]): string => Buffer.concat(chunks).toString();
const upTo = (limit: number) => {
  let taken = 0;
  return (length: number) => (taken += length) <= limit;
};

async function* pieces(): AsyncGenerator<Buffer> {
  yield bytes("a");
  yield bytes("b");
  yield bytes("c");
}

function queue(): { readonly chunks: ChunkQueue; readonly calls: string[] } {
  const calls: string[] = [];
  const call = (name: string) => () => void calls.push(name);
  const source: PushingSource = { pause: call("pause"), resume: call("resume"), cancel: call("cancel") };
  return { chunks: new ChunkQueue(source), calls };
}

describe("gathering", () => {
  it("takes what waits and what comes until the end", async () => {
    const { chunks } = queue();
    chunks.push(bytes("a"));
    const gathered = gather(chunks, upTo(9));
    chunks.push(bytes("b"));
    chunks.end();
    const { chunks: all, isWhole } = await gathered;
    expect([text(all), isWhole]).toEqual(["ab", true]);
  });

  it.each([0, 1, 2, 3])("leaves what is refused to the reader: %i bytes admitted", async (limit) => {
    const { chunks } = queue();
    chunks.push(bytes("a"));
    chunks.push(bytes("b"));
    const gathered = gather(chunks, upTo(limit));
    chunks.push(bytes("c"));
    chunks.push(bytes("d"));
    chunks.end();
    const { chunks: first, isWhole } = await gathered;
    expect([text(first), isWhole]).toEqual(["abcd".slice(0, limit), false]);
    expect(text(await Array.fromAsync(chunks))).toBe("abcd".slice(limit));
  });

  it("tells its source when nobody needs the chunks any more", async () => {
    const released: string[] = [];
    const source: PushingSource = {
      pause: () => {},
      resume: () => {},
      cancel: () => {},
      release: (chunk) => released.push(chunk.toString()) > 1,
    };
    const chunks = new ChunkQueue(source);
    chunks.push(bytes("a"));
    const gathered = gather(continued([bytes("head")], chunks)[Symbol.asyncIterator](), upTo(99));
    chunks.push(bytes("bcd"));
    chunks.end();
    const { chunks: all, release } = await gathered;
    expect(text(all)).toBe("headabcd");
    expect(released).toEqual([]);
    expect(release?.()).toBe(3);
    expect(released).toEqual(["a", "bcd"]);
  });

  it("lets a paused source go on, and does not pause it meanwhile", async () => {
    const { chunks, calls } = queue();
    const large = Buffer.alloc(1 << 18);
    chunks.push(large);
    expect(calls).toEqual(["pause"]);
    const gathered = gather(chunks, upTo(1 << 20));
    chunks.push(large);
    chunks.push(large);
    chunks.end();
    expect((await gathered).chunks).toHaveLength(3);
    expect(calls).toEqual(["pause", "resume"]);
  });

  it("fails with its source, before the reading and amidst it", async () => {
    const early = queue().chunks;
    early.fail(new Error("cut"));
    await expect(gather(early, upTo(9))).rejects.toThrow("cut");
    const late = queue().chunks;
    const gathered = gather(late, upTo(9));
    late.fail(new Error("cut"));
    await expect(gathered).rejects.toThrow("cut");
  });

  it("works with any iterator", async () => {
    expect((await gather(pieces(), upTo(3))).isWhole).toBe(true);
    const source = pieces();
    const { chunks, isWhole } = await gather(source, upTo(1));
    expect([text(chunks), isWhole]).toEqual(["ab", false]);
    expect(text(await Array.fromAsync(continued(chunks, source)))).toBe("abc");
  });

  it("counts the beginning of a continued stream, and ends its source", async () => {
    const { chunks, calls } = queue();
    const whole = continued([bytes("he"), bytes("ad")], chunks)[Symbol.asyncIterator]();
    chunks.push(bytes(" and rest"));
    const { chunks: first, isWhole } = await gather(whole, upTo(4));
    expect([text(first), isWhole]).toEqual(["head", false]);
    expect(text([(await whole.next()).value ?? bytes("")])).toBe(" and rest");
    await whole.return?.();
    expect(calls).toEqual(["cancel"]);
  });
});
