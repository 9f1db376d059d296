import { gunzipSync } from "node:zlib";
import { Agent } from "node:https";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { jsonOf, type Answer } from "../testing/client.ts";
import { multipart, multipartType, partsOf, startStore, type StoreFixture } from "../testing/store-fixture.ts";
import { tinyDicom } from "../testing/tiny-dicom.ts";
import type { Fault } from "./fault.ts";
import { createFaultList } from "./fault-list.ts";

let fixture: StoreFixture;

beforeAll(async () => {
  fixture = await startStore();
  await fixture.stow([tinyDicom({ study: "5.5" })]);
});
beforeEach(() => {
  fixture.emulator.faults.clear();
  fixture.emulator.journal.clear();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const search = (): Promise<Answer> => fixture.send("/studies");
const statuses = async (count: number, act = search): Promise<number[]> => {
  const found: number[] = [];
  for (let each = 0; each < count; each += 1) found.push((await act()).status);
  return found;
};
const held = (): string[] => fixture.emulator.instances(fixture.store).map((instance) => instance.StudyInstanceUID);

const one = async (fault: Fault): Promise<Answer> => {
  fixture.emulator.faults.add({ fault });
  return search();
};
const retrieve = (): Promise<Answer> => fixture.send("/studies/5.5");
const file = (study: string): Buffer => tinyDicom({ study, pixels: Buffer.alloc(200_000), rows: 200, columns: 1000 });

describe("when a fault happens", () => {
  test("once unless said otherwise, on its route only", async () => {
    fixture.emulator.faults.add({ route: "qido", fault: { type: "reply", status: 503 } });
    expect((await fixture.send("/studies/5.5/metadata")).status).toBe(200);
    expect(await statuses(3)).toEqual([503, 200, 200]);
  });

  test("after some have passed, and a burst of them", async () => {
    fixture.emulator.faults.add({ skip: 1, count: 2, fault: { type: "reply", status: 500, body: "html" } });
    expect(await statuses(4)).toEqual([200, 500, 500, 200]);
  });

  test("only over a connection used before", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: fixture.emulator.certificateAuthority });
    fixture.emulator.faults.add({ reusedConnection: true, fault: { type: "reset", when: "start" } });
    expect((await fixture.send("/studies", { agent })).status).toBe(200);
    await expect(fixture.send("/studies", { agent })).rejects.toThrow();
    expect((await fixture.send("/studies", { agent })).status).toBe(200);
    agent.destroy();
  });

  test("with a probability that the seed decides", () => {
    const exchange = {
      route: "qido",
      method: "GET",
      url: new URL("https://localhost/"),
      headers: {},
      parameters: {},
      body: (async function* () {})(),
      reusedConnection: false,
      signal: new AbortController().signal,
    } as const;
    const pattern = (seed: number): number[] => {
      const list = createFaultList(seed);
      list.add({ probability: 0.5, count: "always", fault: { type: "gzip" } });
      return Array.from({ length: 200 }, () => list.take(exchange).length);
    };
    expect(pattern(1)).toEqual(pattern(1));
    expect(pattern(1)).not.toEqual(pattern(2));
    const hits = pattern(3).reduce((sum, hit) => sum + hit, 0);
    expect(Math.abs(hits - 100)).toBeLessThan(30);
  });
});

describe("answers instead of the right one", () => {
  test("429 with Retry-After in seconds and as a date", async () => {
    const seconds = await one({ type: "reply", status: 429, retryAfter: 3 });
    expect(seconds.headers["retry-after"]).toBe("3");
    expect(jsonOf(seconds)).toMatchObject({ error: { code: 429, status: "RESOURCE_EXHAUSTED" } });
    const date = await one({ type: "reply", status: 429, retryAfter: 60, retryAfterForm: "date" });
    const wait = Date.parse(date.headers["retry-after"] ?? "") - Date.parse(date.headers.date ?? "");
    expect(Math.abs(wait - 60_000)).toBeLessThan(5000);
  });

  test("401, an array, HTML, nothing, anything, a redirect", async () => {
    expect((await one({ type: "reply", status: 401 })).headers["www-authenticate"]).toContain("invalid_token");
    expect(jsonOf(await one({ type: "reply", status: 403, body: "array" }))).toEqual([
      { error: expect.objectContaining({ code: 403, status: "PERMISSION_DENIED" }) },
    ]);
    const html = await one({ type: "reply", status: 200, body: "html" });
    expect([html.status, html.headers["content-type"]]).toEqual([200, "text/html; charset=UTF-8"]);
    expect((await one({ type: "reply", status: 200, body: "empty" })).text).toBe("");
    expect((await one({ type: "reply", status: 200, body: "what?" })).text).toBe("what?");
    const moved = await one({ type: "reply", status: 302, headers: { location: "https://elsewhere/" } });
    expect(moved.headers.location).toBe("https://elsewhere/");
  });

  test("gzip, asked for or not", async () => {
    const answer = await one({ type: "gzip" });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(JSON.parse(gunzipSync(answer.bytes).toString())).toHaveLength(1);
  });

  test("slow ones arrive whole", async () => {
    const whole = (await search()).text;
    expect((await one({ type: "delay", milliseconds: 20 })).text).toBe(whole);
    expect((await one({ type: "trickle", direction: "answer", bytes: 200, milliseconds: 1 })).text).toBe(whole);
  });

  test("tokens that die in the middle of the work", async () => {
    await using own = await startStore();
    own.emulator.faults.add({ skip: 1, fault: { type: "revoke-tokens" } });
    expect([(await own.send("/studies")).status, (await own.send("/studies")).status]).toEqual([204, 401]);
  });
});

describe("answers that are cut", () => {
  test("after some bytes, with and without the end of HTTP", async () => {
    fixture.emulator.faults.add({ fault: { type: "truncate", bytes: 100 } });
    await expect(retrieve()).rejects.toThrow();
    fixture.emulator.faults.add({ fault: { type: "truncate", bytes: 100, ended: true } });
    expect((await retrieve()).bytes).toHaveLength(100);
  });

  test("without the final boundary", async () => {
    const whole = await retrieve();
    fixture.emulator.faults.add({ fault: { type: "missing-final-boundary" } });
    const cut = await retrieve();
    expect(partsOf(whole)).toHaveLength(1);
    expect(cut.text).not.toMatch(/--\r\n$/);
    expect(whole.bytes.length - cut.bytes.length).toBe(60 + 8);
  });

  test("shorter than Content-Length", async () => {
    fixture.emulator.faults.add({ fault: { type: "wrong-length", extra: 10 } });
    await expect(retrieve()).rejects.toThrow();
  });

  test("stalled, until the client gives up", async () => {
    fixture.emulator.faults.add({ fault: { type: "stall" } }, { skip: 1, fault: { type: "stall", afterBytes: 10 } });
    for (let each = 0; each < 2; each += 1) {
      const signal = AbortSignal.timeout(100);
      await expect(fixture.send("/studies", { signal })).rejects.toThrow("aborted");
    }
    expect((await search()).status).toBe(200);
  });
});

describe("uploads that go wrong", () => {
  test("cut in the middle: what was whole is stored", async () => {
    fixture.emulator.faults.add({ fault: { type: "reset", when: "upload", afterBytes: 300_000 } });
    await expect(fixture.stow([file("6.1"), file("6.2")])).rejects.toThrow();
    expect(held()).toContain("6.1");
    expect(held()).not.toContain("6.2");
    expect(fixture.emulator.journal.entries()[0]).toMatchObject({
      status: 0,
      requestComplete: false,
      faults: ["reset"],
    });
  });

  test("cut after the commit: everything is stored, and is so again", async () => {
    fixture.emulator.faults.add({ fault: { type: "reset", when: "answer" } });
    await expect(fixture.stow([file("6.3")])).rejects.toThrow();
    expect(held()).toContain("6.3");
    expect((await fixture.stow([file("6.3")])).status).toBe(200);
  });

  test("answered early, while the body is still under way", async () => {
    fixture.emulator.faults.add({ fault: { type: "early-reply", status: 429, afterBytes: 50_000 } });
    const body = multipart([file("6.4"), file("6.5"), file("6.6"), file("6.7")]);
    const answer = await fixture.send("/studies", { headers: multipartType, body });
    expect(answer.status).toBe(429);
    expect(held()).not.toContain("6.5");
    expect(fixture.emulator.journal.entries()[0]?.requestBytes).toBeLessThan(body.length);
  });

  test("refused in part", async () => {
    fixture.emulator.faults.add({ fault: { type: "partial-stow", every: 2 } });
    const answer = await fixture.stow([file("6.8"), file("6.9")], { headers: { accept: "application/dicom+json" } });
    expect(answer.status).toBe(409);
    expect(jsonOf(answer)).toMatchObject({
      "00081198": { Value: [{ "00081197": { Value: [272] } }] },
      "00081199": { Value: [{ "00081155": { Value: ["1.2.3.4.5"] } }] },
    });
    expect(held()).toContain("6.8");
    expect(held()).not.toContain("6.9");
  });

  test("read slowly", async () => {
    fixture.emulator.faults.add({ fault: { type: "trickle", direction: "request", bytes: 50_000, milliseconds: 1 } });
    expect((await fixture.stow([file("6.10")])).status).toBe(200);
  });
});
