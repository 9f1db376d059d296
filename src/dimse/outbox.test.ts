import { duplexPair } from "node:stream";
import { describe, expect, it } from "vitest";
import { joinSmall, Outbox } from "./outbox.ts";

/** An outbox and what the other end gets, chunk by chunk. */
function outbox() {
  const [near, far] = duplexPair();
  const chunks: string[] = [];
  far.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  return { outbox: new Outbox(near), chunks, near, far };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("Outbox", () => {
  it("sends what is added in one turn together, also across promises", async () => {
    const { outbox: out, chunks } = outbox();
    out.add([Buffer.from("a"), Buffer.from("b")]);
    await Promise.resolve();
    out.add([Buffer.from("c")]);
    await turn();
    out.add([Buffer.from("d")]);
    await turn();
    expect(chunks).toEqual(["abc", "d"]);
  });

  it("says when there is no room, and when there is again", async () => {
    const { outbox: out, far } = outbox();
    far.pause();
    expect(out.room()).toBeUndefined();
    out.add([Buffer.alloc(300_000)]);
    expect(out.isBlocked).toBe(true);
    const room = out.room();
    expect(room).toBeInstanceOf(Promise);
    far.resume();
    await room;
    expect(out.isBlocked).toBe(false);
    expect(out.room()).toBeUndefined();
  });

  it("does not leave anybody waiting for a connection that is closed", async () => {
    const { outbox: out, near, far } = outbox();
    far.pause();
    out.add([Buffer.alloc(300_000)]);
    const room = out.room();
    near.destroy();
    await room;
    expect(out.room()).toBeUndefined();
    out.add([Buffer.from("late")]);
    out.flush();
  });

  it("puts small neighbours together and leaves large parts alone", () => {
    const large = Buffer.alloc(5000, "L");
    const parts = ["a", "b"].map((text) => Buffer.from(text));
    const joined = joinSmall([...parts, large, large, Buffer.from("c"), large, ...parts]);
    expect(joined.map((part) => (part === large ? "large" : Buffer.from(part).toString()))).toEqual([
      "ab",
      "large",
      "large",
      "c",
      "large",
      "ab",
    ]);
  });
});
