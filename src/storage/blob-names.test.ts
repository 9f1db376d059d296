import { expect, it } from "vitest";
import { createBlobNames } from "./blob-names.ts";

it("gives unique UUIDs (RFC 9562 version 4) that share a folder for a run", () => {
  const next = createBlobNames();
  const names = Array.from({ length: 1024 }, next);
  expect(new Set(names).size).toBe(1024);
  for (const name of names)
    expect(name).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBeLessThanOrEqual(4);
});
