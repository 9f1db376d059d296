import { afterEach, describe, expect, it } from "vitest";
import type { FakeClock } from "./test/fake-clock.ts";
import { decodeJwt, serviceAccount } from "./test/sample-credentials.ts";
import { stall } from "./test/scripted-http.ts";
import type { Answer, Script } from "./test/scripted-http.ts";
import { closeTokenStages, token, tokenStage, tokens } from "./test/token-stage.ts";

afterEach(closeTokenStages);

describe("a wrong clock", () => {
  const tooFar: Answer = {
    status: 400,
    body: { error: "invalid_grant", error_description: "Invalid JWT: … in a reasonable timeframe. Check your iat …" },
  };

  /** Google with its own time: refuses assertions that are more than 5 minutes off. */
  function strictGoogle(clock: FakeClock, ahead: () => number, dated = true): Script {
    const issue = tokens(3600);
    return ({ body }) => {
      const time = clock.now() + ahead();
      const assertion = new URLSearchParams(String(body)).get("assertion") ?? "";
      const { iat } = decodeJwt(assertion).claims;
      const answer = Math.abs(Number(iat) * 1000 - time) > 300_000 ? tooFar : issue();
      return { ...answer, headers: dated ? { date: new Date(time).toUTCString() } : {} };
    };
  }

  it.each([7200, -7200])("%d s behind is corrected by the Date of Google's answer", async (seconds) => {
    const sea = tokenStage(serviceAccount, stall);
    sea.http.script = strictGoogle(sea.clock, () => seconds * 1000);
    expect(await token(sea)).toBe("t1");
    expect(sea.http.sent).toHaveLength(2);
    expect(sea.source.record.knowledge.measuredSkew).toBe(seconds * 1000);
    await sea.source.refresh();
    expect(sea.http.sent).toHaveLength(3);
  });

  it("that was set right meanwhile is noticed", async () => {
    let ahead = 7_200_000;
    const sea = tokenStage(serviceAccount, stall);
    sea.http.script = strictGoogle(sea.clock, () => ahead);
    await token(sea);
    ahead = 0;
    expect(await sea.source.refresh()).toBeUndefined();
    expect(sea.source.record.knowledge.measuredSkew).toBe(0);
    expect(sea.http.sent).toHaveLength(4);
  });

  it("that no Date explains is a person's business", async () => {
    const sea = tokenStage(serviceAccount, stall);
    sea.http.script = strictGoogle(sea.clock, () => 7_200_000, false);
    expect(await sea.source.refresh()).toMatchObject({ state: "misconfigured", layer: "clock" });
    expect(sea.http.sent).toHaveLength(1);
  });

  it("is not believed from a Date as long as Google accepts our time", async () => {
    const issue = tokens(3600);
    const sea = tokenStage(serviceAccount, () => ({ ...issue(), headers: { date: "Sun, 22 Nov 2026 09:00:00 GMT" } }));
    await token(sea);
    await sea.source.refresh();
    const { claims } = decodeJwt(sea.http.forms()[1]?.get("assertion") ?? "");
    expect(claims["iat"]).toBe(sea.clock.now() / 1000);
    expect(sea.source.record.knowledge.measuredSkew).toBe(-10_800_000);
  });

  it("by some seconds is none: a Date has whole seconds only", async () => {
    const sea = tokenStage(serviceAccount, stall);
    sea.http.script = strictGoogle(sea.clock, () => 9000);
    await token(sea);
    expect(sea.source.record.knowledge.measuredSkew).toBe(0);
  });
});
