import { describe, expect, it } from "vitest";
import { errorMessage } from "./remote-failure.ts";

describe("errorMessage", () => {
  const google = {
    error: { code: 403, message: "Request had insufficient authentication scopes.", status: "PERMISSION_DENIED" },
  };

  it("reads Google's errors, also inside an array", () => {
    const words = "PERMISSION_DENIED: Request had insufficient authentication scopes.";
    expect(errorMessage(JSON.stringify(google))).toBe(words);
    expect(errorMessage(JSON.stringify([google]))).toBe(words);
  });

  it("reads Orthanc's errors", () => {
    const body = { Message: "Bad request", Details: "no body", HttpStatus: 400, OrthancStatus: 8 };
    expect(errorMessage(JSON.stringify(body))).toBe("Bad request: no body");
  });

  it("gives plain text as it is, on one line", () => {
    expect(errorMessage("no supported\n media type  found")).toBe("no supported media type found");
  });

  it("gives the text of HTML without its style", () => {
    expect(errorMessage("<html><style>p {}</style><h1>502</h1><p>Bad gateway</p></html>")).toBe("502 Bad gateway");
  });

  it("shortens what is long", () => {
    expect(errorMessage("x".repeat(10_000))).toHaveLength(501);
  });

  it("is empty for an empty body", () => {
    expect(errorMessage("")).toBe("");
  });
});
