import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startEmulator, type Emulator } from "./emulator.ts";
import type { ServiceAccountKeyFile } from "./oauth/accounts.ts";
import { defaultSettings } from "./settings.ts";
import { assertionOf, call, type Claims, jsonOf, postAssertion, postForm, postRefresh } from "./testing/client.ts";

let emulator: Emulator;
let account: ServiceAccountKeyFile;

beforeAll(async () => {
  emulator = await startEmulator();
  account = emulator.createServiceAccount();
});
beforeEach(() => {
  emulator.settings.change(defaultSettings);
  emulator.faults.clear();
});
afterAll(() => emulator.close());

const now = (): number => Math.floor(Date.now() / 1000);
const invalidGrant = (error_description: string): object => ({ error: "invalid_grant", error_description });
const timeframe = invalidGrant(
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
    "Check your iat and exp values in the JWT claim.",
);
const badSignature = invalidGrant("Invalid JWT Signature.");

/** What is wrong: claims, or parts of the header; then the status and the error that it gets. */
type Wrong = readonly [what: string, { readonly header?: Claims; readonly [claim: string]: unknown }, number, object];

describe("JWT bearer grant", () => {
  test("a good assertion gets a bearer token", async () => {
    const answer = await postAssertion(emulator, assertionOf(account));
    expect(answer.status).toBe(200);
    expect(jsonOf(answer)).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599,
      token_type: "Bearer",
    });
  });

  test("without kid, all keys of the account are tried", async () => {
    expect((await postAssertion(emulator, assertionOf(account, {}, { kid: undefined }))).status).toBe(200);
  });

  test("Google's own audience is good", async () => {
    const assertion = assertionOf(account, { aud: "https://oauth2.googleapis.com/token" });
    expect((await postAssertion(emulator, assertion)).status).toBe(200);
  });

  test.each<Wrong>([
    ["an unknown issuer", { iss: "who@ever" }, 400, invalidGrant("Invalid grant: account not found")],
    ["another audience", { aud: "https://elsewhere/token" }, 400, invalidGrant("Invalid JWT: Failed audience check.")],
    ["more than an hour", { exp: now() + 3700 }, 400, timeframe],
    ["issued 10 minutes ago", { iat: now() - 600, exp: now() + 600 }, 400, timeframe],
    ["issued in 10 minutes", { iat: now() + 600, exp: now() + 1200 }, 400, timeframe],
    ["already expired", { iat: now() - 100, exp: now() - 50 }, 400, timeframe],
    ["times as text", { iat: String(now()) }, 400, timeframe],
    ["no scope", { scope: undefined }, 400, { error: "invalid_scope" }],
    ["a scope that is not Google's", { scope: "all" }, 400, { error: "invalid_scope" }],
    ["another user as subject", { sub: "boss@example.org" }, 401, { error: "unauthorized_client" }],
    ["an unknown kid", { header: { kid: "0123" } }, 400, badSignature],
    ["the algorithm none", { header: { alg: "none" } }, 400, badSignature],
    ["another algorithm", { header: { alg: "HS256" } }, 400, badSignature],
  ])("refuses %s", async (_what, { header = {}, ...claims }, status, error) => {
    const answer = await postAssertion(emulator, assertionOf(account, claims, header));
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject(error);
  });

  test("refuses a signature of another key and a changed claim", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const forger = { ...account, private_key: privateKey.export({ type: "pkcs8", format: "pem" }) };
    const [header, , signature] = assertionOf(account).split(".");
    const claims = Buffer.from(JSON.stringify({ iss: account.client_email, scope: "x" })).toString("base64url");
    for (const forged of [assertionOf(forger), `${header}.${claims}.${signature}`]) {
      expect(jsonOf(await postAssertion(emulator, forged))).toEqual(badSignature);
    }
  });

  test("what is no JWT is refused", async () => {
    for (const text of ["", "a", "a.b", "!.!.!", "e30.e30.e30.e30"]) {
      expect((await postAssertion(emulator, text)).status).toBe(400);
    }
  });

  test("follows the emulator's clock, and says it in Date", async () => {
    emulator.settings.change({ clockOffset: 900 });
    const answer = await postAssertion(emulator, assertionOf(account));
    expect(jsonOf(answer)).toEqual(timeframe);
    const skew = Date.parse(answer.headers.date ?? "") / 1000 - now();
    expect(Math.abs(skew - 900)).toBeLessThan(30);
    const corrected = assertionOf(account, { iat: now() + 900, exp: now() + 4400 });
    expect((await postAssertion(emulator, corrected)).status).toBe(200);
  });

  test("a revoked key and a deleted account are refused", async () => {
    const other = emulator.createServiceAccount();
    emulator.revoke({ what: "key", privateKeyId: other.private_key_id });
    expect(jsonOf(await postAssertion(emulator, assertionOf(other)))).toEqual(badSignature);
    emulator.revoke({ what: "service-account", principal: other.client_email, state: "deleted" });
    expect(jsonOf(await postAssertion(emulator, assertionOf(other)))).toEqual(
      invalidGrant("Invalid grant: account not found"),
    );
  });

  test("assertions are recorded without their signatures", async () => {
    await postAssertion(emulator, assertionOf(account, { aud: "elsewhere" }));
    expect(emulator.assertions().at(-1)).toMatchObject({
      header: { alg: "RS256", typ: "JWT", kid: account.private_key_id },
      claims: { iss: account.client_email, aud: "elsewhere" },
      outcome: "audience",
    });
  });
});

describe("refresh grant", () => {
  test("a known triple gets a token and no new refresh token", async () => {
    const answer = jsonOf(await postRefresh(emulator, emulator.createAuthorizedUser()));
    expect(answer).toEqual({
      access_token: expect.any(String),
      expires_in: 3599,
      scope: "https://www.googleapis.com/auth/cloud-platform",
      token_type: "Bearer",
    });
  });

  test.each([
    ["another secret", { client_secret: "x" }, 401, { error: "invalid_client", error_description: "Unauthorized" }],
    ["an unknown client", { client_id: "x" }, 401, { error: "invalid_client" }],
    ["an unknown refresh token", { refresh_token: "x" }, 400, invalidGrant("Bad Request")],
    ["no refresh token", { refresh_token: "" }, 400, { error: "invalid_request" }],
  ])("refuses %s", async (_what, changes, status, error) => {
    const answer = await postRefresh(emulator, emulator.createAuthorizedUser(), changes);
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject(error);
  });

  test.each([
    ["revoked", 400, invalidGrant("Token has been expired or revoked.")],
    ["invalid_rapt", 400, { error: "invalid_grant", error_subtype: "invalid_rapt" }],
    ["deleted-client", 401, { error: "deleted_client" }],
  ] as const)("refuses a user who is %s", async (state, status, error) => {
    const user = emulator.createAuthorizedUser();
    emulator.revoke({ what: "user", principal: user.client_id, state });
    const answer = await postRefresh(emulator, user);
    expect(answer.status).toBe(status);
    expect(jsonOf(answer)).toMatchObject(error);
  });

  test("rotates the refresh token when told to", async () => {
    emulator.settings.change({ rotateRefreshTokens: true, idToken: true });
    const user = emulator.createAuthorizedUser();
    const answer = jsonOf(await postRefresh(emulator, user));
    expect(answer).toMatchObject({ refresh_token: expect.stringMatching(/^1\/\//), id_token: expect.any(String) });
    expect((await postRefresh(emulator, user)).status).toBe(400);
  });
});

describe("the form of requests and answers", () => {
  test("only forms, only known grants", async () => {
    const json = await call(emulator, "/token", { headers: { "content-type": "application/json" }, body: "{}" });
    expect(json.status).toBe(400);
    const answer = await postForm(emulator, { grant_type: "client_credentials" });
    expect(jsonOf(answer)).toMatchObject({ error: "unsupported_grant_type" });
  });

  test("expires_in as text, missing, or short", async () => {
    emulator.settings.change({ expiresIn: 1, expiresInForm: "string" });
    expect(jsonOf(await postAssertion(emulator, assertionOf(account)))).toMatchObject({ expires_in: "1" });
    emulator.settings.change({ expiresInForm: "missing" });
    expect(jsonOf(await postAssertion(emulator, assertionOf(account)))).not.toHaveProperty("expires_in");
  });

  test("GET is not answered", async () => {
    expect((await call(emulator, "/token")).status).toBe(404);
  });

  test("a client that does not trust the authority gets no answer", async () => {
    const stranger = { ...emulator, certificateAuthority: (await startAndStop()).certificateAuthority };
    await expect(call(stranger, "/token")).rejects.toThrow(/certificate|signature/);
  });
});

async function startAndStop(): Promise<Emulator> {
  const other = await startEmulator();
  await other.close();
  return other;
}
