import { afterEach, describe, expect, it } from "vitest";
import { authorizedUser, decodeJwt, serviceAccount } from "./test/sample-credentials.ts";
import { networkError, stall } from "./test/scripted-http.ts";
import type { Answer } from "./test/scripted-http.ts";
import { closeTokenStages, failure, token, tokenStage, tokens } from "./test/token-stage.ts";

afterEach(closeTokenStages);

describe("acquiring", () => {
  it("sends a user's refresh token as a form", async () => {
    const sea = tokenStage(authorizedUser, tokens(3599));
    expect(sea.state()).toBe("acquiring");
    expect(await token(sea)).toBe("t1");
    expect(sea.state()).toBe("ok");
    expect(sea.http.sent[0]?.request).toMatchObject({
      method: "POST",
      url: "https://oauth2.googleapis.com/token",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(Object.fromEntries(sea.http.forms()[0] ?? [])).toEqual({
      grant_type: "refresh_token",
      client_id: "764086051850-sample.apps.googleusercontent.com",
      client_secret: "d-SECRET-of-the-client",
      refresh_token: "1//SECRET-refresh-token",
    });
  });

  it("sends a service account's signed assertion", async () => {
    const sea = tokenStage(serviceAccount, tokens(3599));
    await token(sea);
    const form = sea.http.forms()[0];
    expect(form?.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    expect(decodeJwt(form?.get("assertion") ?? "").claims).toMatchObject({ iat: sea.clock.now() / 1000 });
  });

  it("makes one request for 50 that come at once", async () => {
    const sea = tokenStage(serviceAccount, tokens(3599));
    const all = await Promise.all(Array.from({ length: 50 }, () => token(sea)));
    expect(new Set(all)).toEqual(new Set(["t1"]));
    expect(sea.http.sent).toHaveLength(1);
  });

  it("gives up a silent endpoint after the timeout, and lets those who wait go", async () => {
    const sea = tokenStage(authorizedUser, stall);
    const waiting = failure(sea.source.token());
    await sea.clock.advance(60);
    expect(await waiting).toMatchObject({ details: expect.stringContaining("60 s") });
    expect(sea.source.record.problem?.reason).toBe("oauth2.googleapis.com: no answer within 60 s");
    expect(sea.state()).toBe("retrying");
  });

  it("lets requests wait over a short failure", async () => {
    const answers: Answer[] = [{ status: 503 }, { status: 500 }];
    const issue = tokens(3599);
    const sea = tokenStage(authorizedUser, () => answers.shift() ?? issue());
    const waiting = token(sea);
    await sea.clock.advance(10);
    expect(await waiting).toBe("t1");
    expect(sea.http.sent).toHaveLength(3);
  });

  it("does not let them wait for a retry that comes too late", async () => {
    const sea = tokenStage(authorizedUser, () => ({ status: 429, headers: { "retry-after": "120" } }));
    expect(await failure(sea.source.token())).toMatchObject({ errorName: "NetworkProtocol" });
    expect(sea.http.sent).toHaveLength(1);
  });

  it.each([
    ["seconds", "120"],
    ["a date", "Sun, 22 Nov 2026 12:02:00 GMT"],
  ])("honours Retry-After in %s", async (_form, header) => {
    const sea = tokenStage(authorizedUser, () => ({ status: 429, headers: { "retry-after": header } }));
    sea.source.start();
    await sea.clock.advance(119);
    expect(sea.http.sent).toHaveLength(1);
    await sea.clock.advance(2);
    expect(sea.http.sent).toHaveLength(2);
  });

  it("slows down while the endpoint stays away", async () => {
    const sea = tokenStage(authorizedUser, () => {
      throw networkError("dns", "oauth2.googleapis.com: name not found");
    });
    sea.source.start();
    await sea.clock.advance(600);
    expect(sea.http.sent.length).toBeGreaterThan(10);
    expect(sea.http.sent.length).toBeLessThan(25);
    expect(sea.source.record.problem).toMatchObject({ state: "retrying", layer: "dns" });
    expect(sea.lines).toHaveLength(1);
  });
});

describe("renewal", () => {
  it("comes in the background, ahead of the end", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    sea.source.start();
    await sea.clock.advance(3299);
    expect(sea.http.sent).toHaveLength(1);
    await sea.clock.advance(2);
    expect(sea.http.sent).toHaveLength(2);
    expect(await token(sea)).toBe("t2");
  });

  it("keeps pace with tokens of 5 seconds, none handed out near its end", async () => {
    const sea = tokenStage(serviceAccount, tokens(5));
    sea.source.start();
    await sea.clock.advance(0);
    for (let tenth = 0; tenth < 600; tenth += 1) {
      const held = await sea.source.token();
      expect(held.expiresAt - sea.clock.now()).toBeGreaterThanOrEqual(500);
      await sea.clock.advance(0.1);
    }
    expect(sea.http.sent.length).toBeLessThanOrEqual(16);
  });

  it("catches up at the first request after the machine has slept", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    await token(sea);
    sea.clock.set(sea.clock.now() + 7_200_000);
    expect(await token(sea)).toBe("t2");
  });

  it("that fails leaves a valid token in use", async () => {
    const issue = tokens(3600);
    const sea = tokenStage(serviceAccount, issue);
    sea.source.start();
    await sea.clock.advance(3000);
    sea.http.script = () => {
      throw networkError("tcp", "oauth2.googleapis.com: connection refused");
    };
    await sea.clock.advance(500);
    expect(sea.state()).toBe("retrying");
    expect(await token(sea)).toBe("t1");
    sea.http.script = issue;
    await sea.clock.advance(60);
    expect(sea.state()).toBe("ok");
    expect(await token(sea)).toBe("t2");
    expect(sea.lines.join("\n")).toMatch(/has a token,[^]*retrying \(connection\)[^]*has a token again/);
  });

  it("takes up a replaced file", async () => {
    const sea = tokenStage(authorizedUser, tokens(3600));
    sea.source.start();
    await sea.clock.advance(1);
    sea.loaded = { credential: serviceAccount, fingerprint: "second" };
    await sea.clock.advance(3400);
    expect(sea.http.forms().map((form) => form.get("grant_type"))).toEqual([
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:jwt-bearer",
    ]);
    expect(sea.source.record.identity).toBe("greyhaven@harbour-archive.iam.gserviceaccount.com");
  });

  it("uses a refresh token that the server has put in place of the file's", async () => {
    const sea = tokenStage(authorizedUser, tokens(3600, { refresh_token: "1//rotated" }));
    await token(sea);
    await sea.source.refresh();
    expect(sea.http.forms().map((form) => form.get("refresh_token"))).toEqual([
      "1//SECRET-refresh-token",
      "1//rotated",
    ]);
    sea.loaded = { credential: authorizedUser, fingerprint: "second" };
    await sea.source.refresh();
    expect(sea.http.forms().at(-1)?.get("refresh_token")).toBe("1//SECRET-refresh-token");
  });
});

describe("stopping", () => {
  it("ends waiting requests, the running one and the timer", async () => {
    const sea = tokenStage(authorizedUser, stall);
    const waiting = failure(sea.source.token());
    sea.source.close();
    expect(await waiting).toMatchObject({ details: expect.stringContaining("stopping") });
    await sea.clock.advance(3600);
    expect(sea.http.sent).toHaveLength(1);
  });
});
