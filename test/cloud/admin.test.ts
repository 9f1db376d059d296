import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { assertionOf, call, jsonOf, obtainToken, postAssertion } from "./testing/client.ts";
import { multipart, multipartType, startStore, type StoreFixture } from "./testing/store-fixture.ts";
import { tinyDicom } from "./testing/tiny-dicom.ts";

let fixture: StoreFixture;

beforeAll(async () => {
  fixture = await startStore();
});
beforeEach(() => {
  fixture.emulator.journal.clear();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
  const text = body === undefined ? {} : { body: JSON.stringify(body) };
  return jsonOf(await call(fixture.emulator, `/__emulator/${path}`, { method, ...text }));
};
const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");

describe("the journal", () => {
  test("has each request with its hash, sizes, times and status, but no token", async () => {
    const body = multipart([tinyDicom()]);
    const answer = await fixture.send("/studies?x=1", { headers: multipartType, body });
    const [entry] = fixture.emulator.journal.entries();
    expect(entry).toMatchObject({
      route: "stow",
      method: "POST",
      path: `${fixture.surface}/studies?x=1`,
      status: 200,
      requestBytes: body.length,
      requestComplete: true,
      requestSha256: sha256(body),
      responseBytes: answer.bytes.length,
      concurrent: 1,
      faults: [],
    });
    expect(entry?.headers.authorization).toBe(`Bearer sha256:${sha256(fixture.token)}`);
    await expect.poll(() => entry?.end).toBeGreaterThanOrEqual(entry?.start ?? Infinity);
    expect(JSON.stringify(fixture.emulator.journal.entries())).not.toContain(fixture.token);
  });

  test("counts what runs at the same time", async () => {
    fixture.emulator.faults.add({ count: 3, fault: { type: "delay", milliseconds: 50 } });
    await Promise.all([fixture.send("/studies"), fixture.send("/studies"), fixture.send("/studies")]);
    expect(Math.max(...fixture.emulator.journal.entries().map((entry) => entry.concurrent))).toBe(3);
  });

  test("is read and cleared over HTTP", async () => {
    await fixture.send("/studies");
    expect(await control("GET", "requests")).toMatchObject([{ route: "qido" }, { route: "admin" }]);
    await control("DELETE", "requests");
    expect(await control("GET", "requests")).toMatchObject([{ route: "admin", method: "GET" }]);
  });
});

describe("controls over HTTP", () => {
  test("settings are changed and checked", async () => {
    expect(await control("PUT", "settings", { expiresIn: 5 })).toMatchObject({ expiresIn: 5, clockOffset: 0 });
    for (const bad of [{ expiresin: 5 }, { expiresIn: "5" }, { excessiveLimit: "x" }, 5, null]) {
      expect(await control("PUT", "settings", bad)).toMatchObject({ error: { code: 400 } });
    }
    expect(await control("GET", "settings")).toMatchObject({ expiresIn: 5 });
    await control("PUT", "settings", { expiresIn: 3599 });
  });

  test("faults are added, listed, checked and cleared", async () => {
    const rule = { route: "qido", count: "always", fault: { type: "reply", status: 503 } };
    expect(await control("POST", "faults", rule)).toContainEqual(rule);
    expect((await fixture.send("/studies")).status).toBe(503);
    await control("DELETE", "faults");
    expect((await fixture.send("/studies")).status).not.toBe(503);
    const bad = [
      { fault: { type: "explode" } },
      { fault: { type: "reply" } },
      { fault: { type: "reply", status: 1, x: 1 } },
      { route: "nowhere", fault: { type: "gzip" } },
      { count: "often", fault: { type: "gzip" } },
      { fault: { type: "reset", when: "never" } },
      {},
    ];
    for (const each of bad) expect(await control("POST", "faults", each)).toMatchObject({ error: { code: 400 } });
    expect(await control("GET", "faults")).toEqual([]);
  });

  test("accounts are made and revoked", async () => {
    const { emulator } = fixture;
    const account = (await control("POST", "service-accounts")) as ReturnType<typeof emulator.createServiceAccount>;
    const token = await obtainToken(emulator, account);
    const status = async (): Promise<number> =>
      (await fixture.send("/studies", { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status()).toBe(200);
    await control("POST", "revoke", { what: "tokens", principal: account.client_email });
    expect(await status()).toBe(401);
    expect((await fixture.send("/studies")).status).toBe(200);
    await control("POST", "revoke", { what: "key", privateKeyId: account.private_key_id });
    expect((await postAssertion(emulator, assertionOf(account))).status).toBe(400);
    expect(await control("POST", "authorized-users")).toMatchObject({ type: "authorized_user" });
    for (const bad of [{ what: "all" }, { what: "key", privateKeyId: "x" }, { what: "user", principal: "x" }]) {
      expect(await control("POST", "revoke", bad)).toMatchObject({ error: { code: 400 } });
    }
  });

  test("instances of a store", async () => {
    expect(await control("GET", `instances/${fixture.store}`)).toEqual(fixture.emulator.instances(fixture.store));
    expect(await control("GET", "instances/projects/x")).toMatchObject({ error: { code: 400 } });
  });

  test("unknown paths are answered as by Google's front end", async () => {
    const answer = await call(fixture.emulator, "/what/ever");
    expect(answer.status).toBe(404);
    expect(answer.headers["content-type"]).toContain("text/html");
  });
});
