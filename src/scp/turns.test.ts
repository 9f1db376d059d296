import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

test("so many at a time, the others in the order of their coming", async () => {
  const turns = createTurns(2);
  const begun: string[] = [];
  const begin = async (name: string): Promise<Disposable> => {
    const turn = await turns.take();
    begun.push(name);
    return turn;
  };
  const first = await begin("first");
  await begin("second");
  const third = begin("third");
  const fourth = begin("fourth");
  expect(turns.available).toBe(0);
  expect(begun).toEqual(["first", "second"]);
  first[Symbol.dispose]();
  const turn = await third;
  expect(begun).toEqual(["first", "second", "third"]);
  turn[Symbol.dispose]();
  await fourth;
  expect(begun).toEqual(["first", "second", "third", "fourth"]);
});
