import fs from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { readPiece } from "./read-piece.ts";

let folder = "";
let file = 0;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "read-piece-"));
  await writeFile(join(folder, "file"), "0123456789");
  file = fs.openSync(join(folder, "file"), "r");
});
afterEach(async () => {
  vi.restoreAllMocks();
  fs.closeSync(file);
  await rm(folder, { recursive: true });
});

it("reads on the event loop until the disk makes it wait, and for a second no more", async () => {
  let now = 0;
  let duration = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  const { readSync } = fs;
  const onLoop = vi.spyOn(fs, "readSync").mockImplementation((...values: Parameters<typeof readSync>) => {
    now += duration;
    return Reflect.apply(readSync, fs, values);
  });
  const reads = async (): Promise<readonly [text: string, onLoop: boolean]> => {
    onLoop.mockClear();
    const into = Buffer.alloc(4);
    const size = await readPiece(file, into, 8);
    return [into.toString("latin1", 0, size), onLoop.mock.calls.length > 0];
  };
  expect(await reads()).toEqual(["89", true]);
  duration = 10;
  expect(await reads()).toEqual(["89", true]);
  expect(await reads()).toEqual(["89", false]);
  now += 999;
  expect(await reads()).toEqual(["89", false]);
  now += 1;
  duration = 0;
  expect(await reads()).toEqual(["89", true]);
  expect(await reads()).toEqual(["89", true]);
});
