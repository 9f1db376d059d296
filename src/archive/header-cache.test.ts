import { expect, test } from "vitest";
import { createHeaderCache } from "./header-cache.ts";

test("the least recently used headers go when there is no more room", () => {
  const cache = createHeaderCache<string>(100);
  for (let at = 0; at < 10; at++) cache.set(`${at}`, `header ${at}`, 10, cache.mark());
  expect(cache.get("0")).toBe("header 0");
  cache.set("10", "header 10", 10, cache.mark());
  expect(cache.get("0")).toBe("header 0");
  expect(cache.get("1")).toBeUndefined();
  expect(cache.get("2")).toBe("header 2");
});

test("a header that would take too much of the room is not kept", () => {
  const cache = createHeaderCache<string>(100);
  cache.set("large", "header", 13, cache.mark());
  expect(cache.get("large")).toBeUndefined();
});

test("a header that was being read while something was removed is not kept", () => {
  const cache = createHeaderCache<string>(100);
  const mark = cache.mark();
  cache.forget("instance");
  cache.set("instance", "of what is gone", 1, mark);
  expect(cache.get("instance")).toBeUndefined();
  cache.set("instance", "of what is there", 1, cache.mark());
  expect(cache.get("instance")).toBe("of what is there");
});
