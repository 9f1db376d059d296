import { describe, expect, it } from "vitest";
import { createSpareMemory } from "./spare-memory.ts";

describe("spare memory", () => {
  it("is used again, and is empty for who still refers to it", () => {
    const memory = createSpareMemory(1000, 1);
    const piece = memory.take().fill(1);
    const part = piece.subarray(10, 20);
    expect(memory.giveBack(part)).toBe(true);
    expect([piece.length, part.length]).toEqual([0, 0]);
    expect(memory.take().equals(Buffer.alloc(1000, 1))).toBe(true);
  });

  it("takes each piece back once, and nothing else", () => {
    const memory = createSpareMemory(1000, 5);
    const piece = memory.take();
    expect(memory.giveBack(Buffer.alloc(1000))).toBe(false);
    expect(memory.giveBack(piece)).toBe(true);
    expect(memory.giveBack(piece)).toBe(false);
    const again = memory.take();
    structuredClone(again.buffer, { transfer: [again.buffer as ArrayBuffer] });
    expect(memory.giveBack(again)).toBe(false);
  });

  it("keeps as many pieces as it may", () => {
    const memory = createSpareMemory(1000, 2);
    const pieces = [memory.take(), memory.take(), memory.take()];
    expect(pieces.map((piece) => memory.giveBack(piece))).toEqual([true, true, false]);
    expect(pieces.map((piece) => piece.length)).toEqual([0, 0, 1000]);
  });
});
