import { describe, expect, it } from "vitest";
import { booleanArgument, flag, lastValue, unsignedArgument } from "./query.ts";

const query = new URLSearchParams(
  "expand=false&empty&yes=1&no=false&odd=maybe&n=5&big=4294967296&n=7&hex=0x5&minus=-1",
);

describe("arguments (behaviour §1.6)", () => {
  it("are flags by being there", () => {
    expect([flag(query, "expand"), flag(query, "missing")]).toEqual([true, false]);
  });

  it("are booleans: empty is true, absent is the default", () => {
    const read = (name: string) => booleanArgument(query, name, false);
    expect([read("empty"), read("yes"), read("no"), read("missing"), booleanArgument(query, "missing", true)]).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
    expect(() => read("odd")).toThrow(expect.objectContaining({ errorName: "ParameterOutOfRange" }));
  });

  it("are unsigned numbers: empty is 1", () => {
    expect(["n", "empty", "missing"].map((name) => unsignedArgument(query, name))).toEqual([7, 1, undefined]);
    for (const name of ["odd", "big", "hex", "minus"]) {
      expect(() => unsignedArgument(query, name)).toThrow(expect.objectContaining({ errorName: "BadParameterType" }));
    }
  });

  it("count by their last value", () => {
    expect(lastValue(query, "n")).toBe("7");
  });
});
