import { describe, expect, it } from "vitest";
import { ingestParts } from "./ingest-parts.ts";

interface TestPart {
  readonly name: string;
  readonly body: AsyncIterable<Uint8Array>;
}

async function* bytes(text: string): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(text);
}

async function* parts(...names: string[]): AsyncGenerator<TestPart, void, void> {
  for (const name of names) yield { name, body: bytes(name) };
}

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks = await Array.fromAsync(body);
  return Buffer.concat(chunks).toString();
}

async function* breaking(): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from("half");
  throw new Error("connection lost");
}

async function* partThenBreak(): AsyncGenerator<TestPart, void, void> {
  yield* parts("a");
  yield { name: "b", body: breaking() };
}

async function readPart(_: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> {
  return await readAll(body);
}

async function refuseB({ name }: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> {
  return name === "b" ? "refused" : await readAll(body);
}

async function rejectB({ name }: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> {
  if (name === "b") throw new Error("bad part");
  return await readAll(body);
}

async function collect<Result>(results: AsyncIterable<Result>): Promise<(Result | string)[]> {
  const collected: (Result | string)[] = [];
  try {
    for await (const result of results) collected.push(result);
  } catch (error) {
    collected.push(String(error));
  }
  return collected;
}

describe("ingestParts", () => {
  it("yields in order, whatever ends first", async () => {
    const first = Promise.withResolvers<void>();
    const ingest = async ({ name }: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> => {
      const text = await readAll(body);
      if (name === "a") await first.promise;
      else first.resolve();
      return text;
    };
    expect(await collect(ingestParts(parts("a", "b", "c"), ingest))).toEqual(["a", "b", "c"]);
  });

  it("reads the next part only after the former one was read", async () => {
    const events: string[] = [];
    const ingest = async ({ name }: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> => {
      events.push(`begin ${name}`);
      await readAll(body);
      events.push(`read ${name}`);
      return name;
    };
    await collect(ingestParts(parts("a", "b"), ingest));
    expect(events).toEqual(["begin a", "read a", "begin b", "read b"]);
  });

  it("goes on after a part that was refused unread", async () => {
    expect(await collect(ingestParts(parts("a", "b", "c"), refuseB))).toEqual(["a", "refused", "c"]);
  });

  it("throws a rejection at its turn, after the results before it", async () => {
    expect(await collect(ingestParts(parts("a", "b"), rejectB))).toEqual(["a", "Error: bad part"]);
  });

  it("throws what breaks the stream, after the results before it", async () => {
    expect(await collect(ingestParts(partThenBreak(), readPart))).toEqual(["a", "Error: connection lost"]);
  });

  it("waits for what is on its way when the reader leaves", async () => {
    const second = Promise.withResolvers<void>();
    const ended: string[] = [];
    const names = Array.from({ length: 17 }, (_, index) => `part${index}`);
    const ingest = async ({ name }: TestPart, body: AsyncIterable<Uint8Array>): Promise<string> => {
      await readAll(body);
      if (name === "part1") await second.promise;
      ended.push(name);
      return name;
    };
    const results = ingestParts(parts(...names), ingest);
    expect((await results.next()).value).toBe("part0");
    const leaving = results.return();
    second.resolve();
    await leaving;
    expect(ended).toContain("part1");
  });
});
