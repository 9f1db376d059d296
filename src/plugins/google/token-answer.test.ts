import { describe, expect, it } from "vitest";
import { applicationDefaultFile, authorizedUser, serviceAccount } from "./test/sample-credentials.ts";
import { readTokenAnswer } from "./token-answer.ts";
import type { TokenAnswer } from "./token-answer.ts";

const noon = Date.parse("2026-11-22T12:00:00Z");

function answer(status: number, body: unknown, retryAfter?: string): TokenAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { host: "oauth2.googleapis.com", status, text, retryAfter, now: noon };
}

describe("a token", () => {
  it("is read as Google sends it, without a new refresh token", () => {
    const body = { access_token: "ya29.abc", expires_in: 3599, token_type: "Bearer", scope: "…" };
    expect(readTokenAnswer(answer(200, body), authorizedUser)).toEqual({
      token: { accessToken: "ya29.abc", lifetime: 3599, refreshToken: undefined },
    });
  });

  it.each([
    [3599, 3599],
    ["3599", 3599],
    [0.5, 0.5],
    [undefined, 300],
    [null, 300],
    ["", 300],
    ["soon", 300],
    [0, 300],
    [-5, 300],
    [1e12, 43_200],
  ])("with expires_in %j lives %d s", (expires_in, lifetime) => {
    const outcome = readTokenAnswer(answer(200, { access_token: "t", expires_in }), serviceAccount);
    expect(outcome).toMatchObject({ token: { lifetime } });
  });

  it.each([
    ["a sign-in page", "<html><title>Sign in</title></html>"],
    ["nothing", ""],
    ["no token", { expires_in: 3599 }],
    ["another type", { access_token: "t", token_type: "mac" }],
    ["a token that would break the header", { access_token: "t\r\nX-Evil: 1" }],
  ])("is not seen in %s", (_what, body) => {
    expect(readTokenAnswer(answer(200, body), serviceAccount)).toMatchObject({
      problem: { state: "retrying", layer: "token", reason: expect.stringContaining("without a Bearer token") },
    });
  });
});

/** The answers listed in Google's documentation and seen in the field. */
const timeframe =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.";
const jwtRefusals: readonly (readonly [number, object, string, string])[] = [
  [400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }, "misconfigured", "key"],
  [400, { error: "invalid_grant", error_description: "Invalid grant: account not found" }, "misconfigured", "key"],
  [400, { error: "invalid_grant", error_description: timeframe }, "misconfigured", "clock"],
  [400, { error: "invalid_grant", error_description: "Invalid JWT: Failed audience check." }, "misconfigured", "token"],
  [
    400,
    { error: "invalid_scope", error_description: "Invalid OAuth scope or ID token audience provided." },
    "misconfigured",
    "token",
  ],
  [401, { error: "invalid_client", error_description: "The OAuth client was not found." }, "misconfigured", "key"],
  [401, { error: "unauthorized_client" }, "misconfigured", "key"],
  [401, { error: "deleted_client", error_description: "The OAuth client was deleted." }, "misconfigured", "key"],
  [400, { error: "something_new" }, "misconfigured", "token"],
];
const userRefusals: readonly (readonly [number, object, string, string])[] = [
  [400, { error: "invalid_grant", error_description: "Token has been expired or revoked." }, "needs-reauth", "token"],
  [400, { error: "invalid_grant", error_description: "Bad Request" }, "needs-reauth", "token"],
  [
    400,
    { error: "invalid_grant", error_subtype: "invalid_rapt", error_description: "reauth related error (invalid_rapt)" },
    "needs-reauth",
    "token",
  ],
  [401, { error: "invalid_client", error_description: "Unauthorized" }, "misconfigured", "key"],
  [401, { error: { code: 401, message: "No.", status: "UNAUTHENTICATED" } }, "misconfigured", "token"],
];

describe("a refusal", () => {
  it.each(jwtRefusals)("of a service account: %d %j → %s, %s", (status, body, state, layer) => {
    expect(readTokenAnswer(answer(status, body), serviceAccount)).toMatchObject({ problem: { state, layer } });
  });

  it.each(userRefusals)("of a user: %d %j → %s, %s", (status, body, state, layer) => {
    expect(readTokenAnswer(answer(status, body), authorizedUser)).toMatchObject({ problem: { state, layer } });
  });

  it("for the scope is not taken for one for the audience, though Google names both", () => {
    const body = { error: "invalid_scope", error_description: "Invalid OAuth scope or ID token audience provided." };
    expect(readTokenAnswer(answer(400, body), serviceAccount)).toMatchObject({
      problem: { remedy: expect.stringContaining("cloud-platform") },
    });
  });

  it.each([400, 401])("with %d and no OAuth body is not retried", (status) => {
    const outcome = readTokenAnswer(answer(status, "<html>"), serviceAccount);
    expect(outcome).toMatchObject({ problem: { state: "misconfigured", layer: "token" } });
  });

  it("is quoted in one short line without the secrets that it may echo", () => {
    const { client_secret, refresh_token } = applicationDefaultFile;
    const error_description = `bad\r\n${client_secret} ${refresh_token} ${"x".repeat(1000)}`;
    const outcome = readTokenAnswer(answer(400, { error: "invalid_grant", error_description }), authorizedUser);
    const reason = "problem" in outcome ? outcome.problem.reason : "";
    expect(reason).toMatch(/^oauth2\.googleapis\.com refused: invalid_grant: bad \*\*\* \*\*\* x+…$/);
    expect(reason.length).toBeLessThan(300);
  });
});

it("does not quote an assertion or a token that a server sends back", () => {
  const error_description = "bad eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln or ya29.a0Af-b_c";
  expect(readTokenAnswer(answer(400, { error: "invalid_grant", error_description }), serviceAccount)).toMatchObject({
    problem: { reason: "oauth2.googleapis.com refused: invalid_grant: bad *** or ***" },
  });
});

describe("a busy server", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("answering %d is asked again", (status) => {
    const outcome = readTokenAnswer(answer(status, { error: "internal_failure" }), authorizedUser);
    expect(outcome).toMatchObject({ problem: { state: "retrying", layer: "token" } });
  });

  it.each([302, 403, 404])("or a strange one, answering %d without OAuth's words, too", (status) => {
    const outcome = readTokenAnswer(answer(status, "<html>"), authorizedUser);
    expect(outcome).toMatchObject({ problem: { state: "retrying", layer: "token" } });
  });

  it.each([
    ["20", 20_000],
    ["Sun, 22 Nov 2026 12:00:45 GMT", 45_000],
  ])("may say when: %s", (retryAfter, expected) => {
    const outcome = readTokenAnswer(answer(429, "", retryAfter), authorizedUser);
    expect(outcome).toMatchObject({ problem: { retryAfter: expected } });
  });
});
