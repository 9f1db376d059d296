import { describe, expect, it } from "vitest";
import { noLog } from "../util/log.ts";
import { createModalities } from "./modalities-registry.ts";
import { parseModality } from "./modality-definition.ts";

const configured = { b: ["TITLE", "host", 104], a: ["title ", "other", 104], c: ["ELSE", "host", 105] };
const start = (strictAetComparison: boolean) => createModalities({ configured, strictAetComparison, log: noLog });

describe("createModalities", () => {
  it.each([
    { strict: false, aet: "Title", found: ["b", "a"] },
    { strict: true, aet: "TITLE", found: ["b"] },
    { strict: true, aet: " title", found: ["a"] },
    { strict: true, aet: "Title", found: [] },
  ])("finds by title: $aet, strictly $strict", async ({ strict, aet, found }) => {
    const modalities = await start(strict);
    expect(modalities.byAet(aet).map(({ name }) => name)).toEqual(found);
  });

  it("lists, adds, replaces and forgets", async () => {
    const modalities = await start(false);
    expect(modalities.names()).toEqual(["a", "b", "c"]);
    const modality = parseModality(["NEW", "h", 1], () => {});
    await modalities.put("b", modality);
    expect(modalities.get("b")).toEqual(modality);
    expect(await modalities.delete("a")).toBe(true);
    expect(await modalities.delete("a")).toBe(false);
    expect(modalities.names()).toEqual(["b", "c"]);
    await expect(modalities.put("a/b", modality)).rejects.toThrow("a/b");
  });
});
