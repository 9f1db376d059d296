import { expect, it } from "vitest";
import { createRecentlyUsed } from "./recently-used.ts";

it("keeps what was used last", () => {
  const values = createRecentlyUsed<number>(2);
  values.set("a", 1);
  values.set("b", 2);
  expect(values.get("a")).toBe(1);
  values.set("c", 3);
  expect(values.names()).toEqual(["a", "c"]);
  expect(values.get("b")).toBeUndefined();
  values.set("a", 4);
  expect(values.get("a")).toBe(4);
  expect(values.delete("a")).toBe(true);
  expect(values.delete("a")).toBe(false);
});
