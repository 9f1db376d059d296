import { describe, expect, it } from "vitest";
import { readBody, readJson, readText } from "./body.ts";

const request = (...chunks: string[]) => ({
  body: (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })(),
});

describe("the body as a whole", () => {
  it("is joined, up to the limit", async () => {
    expect((await readBody(request("ab", "c"))).toString()).toBe("abc");
    expect((await readBody(request())).length).toBe(0);
    expect((await readBody(request("ab", "c"), 3)).length).toBe(3);
    await expect(readBody(request("ab", "c"), 2)).rejects.toMatchObject({ errorName: "BadRequest" });
  });

  it("is text without byte order mark", async () => {
    expect(await readText(request("\ufeffGröße"))).toBe("Größe");
  });

  it("is JSON, or what an empty one stands for", async () => {
    expect(await readJson(request('{"a":', "1}"))).toEqual({ a: 1 });
    expect(await readJson(request(" \n"), { empty: {} })).toEqual({});
    await expect(readJson(request(""))).rejects.toMatchObject({ errorName: "BadJson" });
  });

  it("is not quoted in an error: it may hold a password", async () => {
    const error: unknown = await readJson(request('{"Password": secret}')).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      errorName: "BadJson",
      details: expect.stringContaining("Unexpected token") as unknown,
    });
    expect(String(error)).not.toContain("ecret");
  });
});
