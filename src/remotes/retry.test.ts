import { describe, expect, it } from "vitest";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { fakeClock } from "./testing/fake-clock.ts";
import { RemoteFailure } from "./remote-failure.ts";
import { policyFor, retryAfter, retryPolicy, withRetries } from "./retry.ts";

function refusal(status: number, headers: Record<string, string> = {}): RemoteFailure {
  return new RemoteFailure(`status ${status}`, { status, headers });
}

async function runWith(errors: readonly Error[]): Promise<{ result: string; waits: readonly number[] }> {
  const clock = fakeClock();
  const left = [...errors];
  const attempt = async (): Promise<string> => {
    const error = left.shift();
    if (error !== undefined) throw error;
    return "done";
  };
  const signal = new AbortController().signal;
  const result = await withRetries("test", attempt, { policy: retryPolicy, clock, log: noLog, signal }).catch(
    (error: unknown) => String(error),
  );
  return { result, waits: clock.waits };
}

describe("withRetries", () => {
  it("does not wait when the first attempt succeeds", async () => {
    expect(await runWith([])).toEqual({ result: "done", waits: [] });
  });

  it("doubles the delay, of which chance takes up to a half", async () => {
    const { result, waits } = await runWith([refusal(503), refusal(500), new ServerError("NetworkProtocol", "reset")]);
    expect(result).toBe("done");
    // The fake clock's chance is always 0.5: three quarters of 500, 1000 and 2000 ms.
    expect(waits).toEqual([375, 750, 1500]);
  });

  it("waits as long as Retry-After says", async () => {
    expect((await runWith([refusal(429, { "retry-after": "7" })])).waits).toEqual([7000]);
  });

  it("gives up at once when Retry-After asks for too much", async () => {
    const { result, waits } = await runWith([refusal(429, { "retry-after": "3600" })]);
    expect(result).toContain("status 429");
    expect(waits).toEqual([]);
  });

  it.each([400, 401, 403, 404, 409, 413])("does not try again after %i", async (status) => {
    const { result, waits } = await runWith([refusal(status)]);
    expect(result).toContain(`status ${status}`);
    expect(waits).toEqual([]);
  });

  it("does not try again after a mistake of ours", async () => {
    expect((await runWith([new ServerError("InexistentFile", "gone")])).waits).toEqual([]);
    expect((await runWith([new TypeError("bug")])).waits).toEqual([]);
  });

  it("ends with the last error when the attempts are used up", async () => {
    const { result, waits } = await runWith(Array.from({ length: 20 }, () => refusal(503)));
    expect(result).toContain("status 503");
    expect(waits).toHaveLength(retryPolicy.attempts - 1);
  });

  it("does not go on after the job was cancelled", async () => {
    const clock = fakeClock();
    const controller = new AbortController();
    const attempt = async (): Promise<never> => {
      controller.abort();
      throw refusal(503);
    };
    const parts = { policy: retryPolicy, clock, log: noLog, signal: controller.signal };
    await expect(withRetries("test", attempt, parts)).rejects.toThrow("status 503");
    expect(clock.waits).toEqual([]);
  });
});

describe("policyFor", () => {
  it("tries a refused token again only where credentials renew it", () => {
    const credentials = { headers: async () => ({}) };
    expect(policyFor({ credentials }, retryPolicy).transientStatuses).toContain(401);
    expect(policyFor({}, retryPolicy).transientStatuses).not.toContain(401);
  });
});

describe("retryAfter (RFC 9110 §10.2.3)", () => {
  const now = Date.parse("Fri, 31 Dec 1999 23:59:00 GMT");

  it("reads seconds and dates", () => {
    expect(retryAfter("120", now)).toBe(120_000);
    expect(retryAfter("Fri, 31 Dec 1999 23:59:59 GMT", now)).toBe(59_000);
  });

  it("takes a date that has passed for now", () => {
    expect(retryAfter("Fri, 31 Dec 1999 23:58:00 GMT", now)).toBe(0);
  });

  it("ignores what it cannot read", () => {
    expect(retryAfter("soon", now)).toBeUndefined();
    expect(retryAfter(undefined, now)).toBeUndefined();
  });
});
