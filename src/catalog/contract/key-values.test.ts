import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import type { Catalog } from "../catalog.ts";

describe.each(implementations)("key-value stores: $name", ({ open }) => {
  let opened: OpenedCatalog;
  let catalog: Catalog;
  beforeEach(async () => {
    opened = await open();
    catalog = opened.catalog;
  });
  afterEach(() => opened.dispose());

  it("keep one value per key", async () => {
    expect(await catalog.keyValue("a", "k")).toBeUndefined();
    await catalog.setKeyValue("a", "k", "first");
    await catalog.setKeyValue("a", "k", "second");
    await catalog.setKeyValue("a", "", "");
    expect(await catalog.keyValue("a", "k")).toBe("second");
    expect(await catalog.keyValue("a", "")).toBe("");
    expect(await catalog.keyValue("a", "K")).toBeUndefined();
  });

  it("are apart from each other", async () => {
    await catalog.setKeyValue("a", "k", "of a");
    await catalog.setKeyValue("b", "k", "of b");
    expect(await catalog.deleteKeyValue("a", "k")).toBe(true);
    expect(await catalog.deleteKeyValue("a", "k")).toBe(false);
    expect(await catalog.keyValue("b", "k")).toBe("of b");
  });

  it("are listed page by page in the order of the keys' bytes", async () => {
    for (const key of ["b", "é", "", "B", "a"]) await catalog.setKeyValue("a", key, `value of ${key}`);
    await catalog.setKeyValue("b", "c", "");
    const page = async (after: string | undefined, limit: number) =>
      (await catalog.keyValues("a", after, limit)).map(({ key }) => key);
    expect(await page(undefined, 2)).toEqual(["", "B"]);
    expect(await page("B", 2)).toEqual(["a", "b"]);
    expect(await page("b", 2)).toEqual(["é"]);
    expect(await page("é", 2)).toEqual([]);
    expect(await page("aa", 10)).toEqual(["b", "é"]);
    expect(await catalog.keyValues("b", undefined, 10)).toEqual([{ key: "c", value: "" }]);
  });

  it("are there after a restart", async () => {
    if (opened.reopen === undefined) return;
    await catalog.setKeyValue("a", "k", "kept");
    const reopened = await opened.reopen();
    expect(await reopened.keyValue("a", "k")).toBe("kept");
  });
});
