import { deflateRawSync, deflateSync, constants } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Inflater } from "./inflater.ts";

function inflate(deflated: Buffer, pieces: number, limit = Infinity): Buffer {
  const output: Buffer[] = [];
  const inflater = new Inflater(limit, (chunk) => output.push(chunk));
  for (let at = 0; at < deflated.length; at += pieces) inflater.push(deflated.subarray(at, at + pieces));
  inflater.end();
  return Buffer.concat(output);
}

/** Neither random nor uniform: has literals, short and long matches. */
const sample = Buffer.from(
  Array.from({ length: 300_000 }, (_, at) => ((at * at) >> 7) ^ (at % 251) ^ (at % 3000 < 1000 ? 0 : at & 0xff)).map(
    (value) => value & 0xff,
  ),
);

describe("Inflater", () => {
  it.each([
    ["default", {}],
    ["stored blocks", { level: 0 }],
    ["fixed codes", { strategy: constants.Z_FIXED }],
    ["Huffman only", { strategy: constants.Z_HUFFMAN_ONLY }],
    ["small window", { windowBits: 9 }],
    ["best", { level: 9 }],
  ])("gives back what zlib deflated: %s", (_, options) => {
    const deflated = deflateRawSync(sample, options);
    expect(inflate(deflated, deflated.length).equals(sample)).toBe(true);
    expect(inflate(deflated, 1000).equals(sample)).toBe(true);
  });

  it("goes on wherever the input was split", () => {
    const small = sample.subarray(0, 5000);
    for (const level of [0, 1, 9]) expect(inflate(deflateRawSync(small, { level }), 1).equals(small)).toBe(true);
  });

  it("reads empty and long uniform streams", () => {
    expect(inflate(deflateRawSync(Buffer.alloc(0)), 1)).toHaveLength(0);
    const zeros = Buffer.alloc(1_000_000);
    expect(inflate(deflateRawSync(zeros), 50).equals(zeros)).toBe(true);
  });

  it("passes over the zlib header that some writers add, and over what follows the stream", () => {
    expect(inflate(deflateSync(Buffer.from("text")), 100).toString()).toBe("text");
    expect(inflate(Buffer.concat([deflateRawSync(Buffer.from("text")), Buffer.from("rest")]), 100).toString()).toBe(
      "text",
    );
  });

  it("refuses more than its limit", () => {
    const deflated = deflateRawSync(Buffer.alloc(1_000_000));
    expect(() => inflate(deflated, 100, 500_000)).toThrow("more than 500000 bytes");
  });

  it("refuses streams that are cut or damaged", () => {
    const deflated = deflateRawSync(sample);
    expect(() => inflate(deflated.subarray(0, 1000), 100)).toThrow("truncated");
    expect(() => inflate(Buffer.of(7, 0), 2)).toThrow("unknown type");
    expect(() => inflate(Buffer.of(1, 5, 0, 1, 2, 3), 6)).toThrow("damaged stored block");
    expect(() => inflate(Buffer.of(0x03, 0x02, 0, 0), 4)).toThrow();
  });
});
