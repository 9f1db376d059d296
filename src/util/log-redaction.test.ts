import { describe, expect, test } from "vitest";
import { redactedFields, redactedText } from "./log-redaction.ts";

describe("redactedText", () => {
  test.each([
    ["Authorization: Bearer ya29.a0Af_x-9", "Authorization: Bearer (hidden)"],
    ["header Basic YWxpY2U6cGFzcw==", "header Basic (hidden)"],
    [
      "grant_type=refresh_token&refresh_token=1/abc&client_secret=x y",
      "grant_type=refresh_token&refresh_token=(hidden)&client_secret=(hidden) y",
    ],
    ["key -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- end", "key (hidden) end"],
    ["GET http://alice:secret@host:80/x", "GET http://alice:(hidden)@host:80/x"],
    ["Basic facts about http://host:8042/studies", "Basic facts about http://host:8042/studies"],
  ])("%s", (text, expected) => {
    expect(redactedText(text)).toBe(expected);
  });
});

describe("redactedFields", () => {
  test("hides secrets by their names, at every depth", () => {
    expect(
      redactedFields({
        Authorization: "x",
        headers: { authorization: "Bearer x", accept: "y" },
        accounts: [{ private_key: "k", refreshToken: { value: 1 } }],
        password: undefined,
        tokens: 3,
      }),
    ).toEqual({
      Authorization: "(hidden)",
      headers: { authorization: "(hidden)", accept: "y" },
      accounts: [{ private_key: "(hidden)", refreshToken: "(hidden)" }],
      password: undefined,
      tokens: 3,
    });
  });

  test("writes errors with their causes, without secrets", () => {
    const error = new Error("no token", { cause: new Error("POST ?assertion=abc.def failed") });
    expect(redactedFields({ error })).toEqual({ error: "no token (POST ?assertion=(hidden) failed)" });
  });

  test("ends in circular objects", () => {
    const circular: { self?: object } = {};
    circular.self = circular;
    expect(JSON.stringify(redactedFields({ circular }))).toContain("…");
  });
});
