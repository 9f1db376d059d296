import { describe, expect, it } from "vitest";
import { newBoundary, readMultipart, writeMultipart, type OutgoingPart } from "./multipart.ts";

/** `body` in chunks of `size` bytes. */
async function* inChunks(body: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let start = 0; start < body.length; start += size) yield body.subarray(start, start + size);
}

async function readAll(body: string | Buffer, boundary = "b", size = 7): Promise<[Record<string, string>, string][]> {
  const parts: [Record<string, string>, string][] = [];
  for await (const part of readMultipart(inChunks(Buffer.from(body), size), boundary)) {
    const chunks = await Array.fromAsync(part.body);
    parts.push([{ ...part.headers }, Buffer.concat(chunks).toString("latin1")]);
  }
  return parts;
}

describe("readMultipart", () => {
  it("reads the example of RFC 2046 §5.1.1, with preamble and epilogue", async () => {
    const body = [
      "This is the preamble.  It is to be ignored, though it",
      "is a handy place for composition agents to include an",
      "explanatory note to non-MIME conformant readers.",
      "",
      "--simple boundary",
      "",
      "This is implicitly typed plain US-ASCII text.",
      "It does NOT end with a linebreak.",
      "--simple boundary",
      "Content-type: text/plain; charset=us-ascii",
      "",
      "This is explicitly typed plain US-ASCII text.",
      "It DOES end with a linebreak.",
      "",
      "--simple boundary--",
      "",
      "This is the epilogue.  It is also to be ignored.",
    ].join("\r\n");
    expect(await readAll(body, "simple boundary")).toEqual([
      [{}, "This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak."],
      [
        { "content-type": "text/plain; charset=us-ascii" },
        "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n",
      ],
    ]);
  });

  const tricky = "\r\n--\r\n-\n--bx\r\n--b x\r\n --b\r\n--b-\r\n\r\r\n\r--b--";
  const wrapped = `--b\r\nA: 1\r\n\r\n${tricky}\r\n--b  \r\nB: 2\r\n\r\n\r\n--b\r\n\r\n--b--\r\n`;

  it.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    "finds boundaries across chunks of %i bytes",
    async (size) => {
      expect(await readAll(wrapped, "b", size)).toEqual([
        [{ a: "1" }, tricky],
        [{ b: "2" }, ""],
        [{}, ""],
      ]);
    },
  );

  it.each([1, 2, 3, 5, 1000])("takes lone LF for line ends (chunks of %i bytes)", async (size) => {
    expect(await readAll("--b\nA: 1\n\none\ntwo\n--b\n\nthree\n--b--", "b", size)).toEqual([
      [{ a: "1" }, "one\ntwo"],
      [{}, "three"],
    ]);
  });

  it("reads headers in any case, folded, with UTF-8 and with names of the prototype", async () => {
    const [part] = await readAll(
      "--b\r\nCONTENT-Type:text/plain\r\nX-Name: Grö\r\n\tße\r\n__proto__: x\r\n\r\n\r\n--b--",
    );
    expect(Object.entries(part?.[0] ?? {})).toEqual([
      ["content-type", "text/plain"],
      ["x-name", "Grö ße"],
      ["__proto__", "x"],
    ]);
  });

  it.each([
    ["", 'Multipart body: it has no boundary "--b"'],
    ["no boundary at all", 'Multipart body: it has no boundary "--b"'],
    ["--b\r\nA: 1\r\n", 'Multipart body: it ended in part 1, without the closing boundary "--b--"'],
    ["--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b", 'Multipart body: it ended in part 2, without the closing boundary "--b--"'],
    ["--b\r\n\r\nx\r\n--b-", 'Multipart body: it ended in part 1, without the closing boundary "--b--"'],
    ["--b\r\nnot a header\r\n\r\nx\r\n--b--", "Multipart body: part 1 has a header line without a name"],
    [`--b\r\nA: ${"x".repeat(20_000)}`, "Multipart body: the headers of part 1 exceed 16384 bytes"],
    [`--b\r\n${"A: x\r\n".repeat(5000)}`, "Multipart body: the headers of part 1 exceed 16384 bytes"],
  ])("says what is wrong with %j", async (body, details) => {
    await expect(readAll(body)).rejects.toMatchObject({ errorName: "BadRequest", details });
  });

  it.each(["", "x".repeat(201)])("refuses a boundary that is none", async (boundary) => {
    await expect(readAll("--b--", boundary)).rejects.toMatchObject({ errorName: "BadRequest" });
  });

  it("skips what is left of a part when the next one is asked for, and closes its source", async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Buffer> {
      try {
        yield* inChunks(Buffer.from(wrapped), 5);
      } finally {
        closed = true;
      }
    }
    const names: string[] = [];
    for await (const part of readMultipart(source(), "b")) {
      names.push(Object.keys(part.headers).join(""));
      for await (const _ of part.body) break;
      if (names.length === 2) break;
    }
    expect(names).toEqual(["a", "b"]);
    expect(closed).toBe(true);
  });

  it("holds no more than a chunk", async () => {
    let pulled = 0;
    async function* source(): AsyncGenerator<Buffer> {
      yield Buffer.from("--b\r\n\r\n");
      for (; pulled < 1000; pulled++) yield Buffer.alloc(1000, "x");
      yield Buffer.from("\r\n--b--");
    }
    let size = 0;
    for await (const part of readMultipart(source(), "b")) {
      for await (const chunk of part.body) {
        size += chunk.length;
        expect(pulled * 1000 - size).toBeLessThanOrEqual(1000);
      }
    }
    expect(size).toBe(1_000_000);
  });
});

describe("writeMultipart", () => {
  it("writes what readMultipart reads, bytes and streams", async () => {
    const parts: OutgoingPart[] = [
      { headers: { "Content-Type": "application/dicom", "MIME-Version": "1.0" }, body: Buffer.from("DICM") },
      { headers: {}, body: inChunks(Buffer.from("one two"), 4) },
    ];
    const written = Buffer.concat(await Array.fromAsync(writeMultipart(parts, "b"))).toString();
    expect(written).toBe(
      "--b\r\nContent-Type: application/dicom\r\nMIME-Version: 1.0\r\n\r\nDICM\r\n--b\r\n\r\none two\r\n--b--\r\n",
    );
    expect((await readAll(written)).map(([, body]) => body)).toEqual(["DICM", "one two"]);
  });

  it("writes an empty body when there is no part", async () => {
    expect(await readAll(Buffer.concat(await Array.fromAsync(writeMultipart([], "b"))))).toEqual([]);
  });
});

describe("newBoundary", () => {
  it("has 70 characters that need no quoting, and never repeats", () => {
    expect(newBoundary()).toMatch(/^[0-9a-f-]{70}$/);
    expect(newBoundary()).not.toBe(newBoundary());
  });
});
