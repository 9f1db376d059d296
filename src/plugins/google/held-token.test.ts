import { expect, it } from "vitest";
import { tokenTimes } from "./held-token.ts";

it.each([
  [3600, 3300, 3570],
  [600, 480, 570],
  [60, 48, 54],
  [5, 4, 4.5],
  [1, 0.8, 0.9],
])("a token of %d s is renewed after %d s and not handed out after %d s", (lifetime, renew, usable) => {
  expect(tokenTimes(1_000_000, lifetime)).toEqual({
    expiresAt: 1_000_000 + lifetime * 1000,
    renewAt: 1_000_000 + renew * 1000,
    usableUntil: 1_000_000 + usable * 1000,
  });
});
