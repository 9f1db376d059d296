import { describe, expect, it } from "vitest";
import type { Catalog, FoundResource } from "../catalog/catalog.ts";
import { orderedSlices } from "./ordered-slices.ts";

/** What the catalog has of an instance; the id is its place in the list, from 0. */
interface Instance {
  readonly position?: string;
  readonly orientation?: string;
  readonly index?: string;
  readonly frames?: string;
}

const axial = "1\\0\\0\\0\\1\\0";

function catalogOf(instances: readonly Instance[]): Pick<Catalog, "find"> {
  const found = instances.map(({ position, orientation, index, frames }, at): FoundResource => ({
    level: "Instance",
    publicId: String(at),
    mainDicomTags: {
      Instance: {
        ...(position === undefined ? {} : { "00200032": position }),
        ...(orientation === undefined ? {} : { "00200037": orientation }),
        ...(frames === undefined ? {} : { "00280008": frames }),
      },
    },
    metadata: index === undefined ? {} : { 1: index },
  }));
  return {
    find: ({ level }) => Promise.resolve(level === "Series" ? [{ level, publicId: "series" }] : found),
  };
}

async function order(...instances: readonly Instance[]): Promise<string> {
  const { type, slices } = await orderedSlices(catalogOf(instances), "series");
  return `${type} ${slices.map(({ instance, frames }) => (frames === 1 ? instance : `${instance}×${frames}`)).join(" ")}`;
}

/** A slice at a height, numbered against it. */
const at = (z: number | string, more: Instance = {}): Instance => ({
  position: `0\\0\\${z}`,
  orientation: axial,
  index: String(-Number(z)),
  ...more,
});

// What Orthanc 1.10.1 answers to the same, unless a remark says otherwise.
describe("the order of slices", () => {
  it("is that of space, whatever their numbers are", async () => {
    expect(await order(at(5), at(0), at(2.5))).toBe("Volume 1 2 0");
    expect(await order(at(5, { frames: "2" }), at(0, { frames: "3" }))).toBe("Volume 1×3 0×2");
    expect(await order(at(5, { position: "3\\0\\5" }), at(1, { position: "0\\9\\1" }))).toBe("Volume 1 0");
  });

  it("goes along the normal of the first slice", async () => {
    const opposite = { orientation: "-1\\0\\0\\0\\1\\0" };
    expect(await order(at(5), at(0, opposite))).toBe("Volume 1 0");
    expect(await order(at(5, opposite), at(0))).toBe("Volume 0 1");
    expect(await order({ position: "0\\0\\5", index: "1" }, at(0, { index: "2" }))).toBe("Sequence 0 1");
  });

  it.each(["0.1", "0.01"])("is not that of space when slices are tilted by %s", async (tilt) => {
    expect(await order(at(5), at(0, { orientation: `1\\0\\${tilt}\\0\\1\\0` }))).toBe("Sequence 0 1");
  });

  it("forgives what is lost in the digits of a file", async () => {
    expect(await order(at(5), at(0, { orientation: "1\\0\\0.001\\0\\1\\0" }))).toBe("Volume 1 0");
    expect(await order(at("0.00001", { index: "1" }), at(0, { index: "2" }))).toBe("Volume 1 0");
    expect(await order(at("0.000001", { index: "1" }), at(0, { index: "2" }))).toBe("Sequence 0 1");
  });

  it("is that of their numbers where they have no places, or share one", async () => {
    expect(await order({ index: "10" }, { index: "9" }, { index: "11" })).toBe("Sequence 1 0 2");
    expect(await order(at(1, { index: "3" }), at(1, { index: "2" }), at(5, { index: "1" }))).toBe("Sequence 2 1 0");
    expect(await order(at(5, { index: "2" }), { orientation: axial, index: "1" })).toBe("Sequence 1 0");
    expect(await order(at(5, { index: "2", position: "0\\0" }), at(0, { index: "1" }))).toBe("Sequence 1 0");
    expect(await order(at(5, { orientation: "0\\0\\0\\0\\0\\0", index: "2" }), at(0, { index: "1" }))).toBe(
      "Sequence 1 0",
    );
    expect(await order({ index: "5" }, { index: "5" })).toBe("Sequence 0 1");
  });

  it("of one instance needs nothing", async () => {
    expect(await order({ frames: "3" })).toBe("Sequence 0×3");
    expect(await order(at(5))).toBe("Sequence 0");
  });

  it("cannot be told of instances without numbers", async () => {
    await expect(order({ index: "5" }, {})).rejects.toHaveProperty("row.code", 2040);
  });

  it("of an unknown series is an error", async () => {
    const nothing = { find: () => Promise.resolve([]) };
    await expect(orderedSlices(nothing, "series")).rejects.toHaveProperty("errorName", "UnknownResource");
  });
});
