import { afterEach, describe, expect, it } from "vitest";
import { misconfigured } from "./problem.ts";
import { settled } from "./test/fake-clock.ts";
import { authorizedUser, serviceAccount } from "./test/sample-credentials.ts";
import type { Answer } from "./test/scripted-http.ts";
import { closeTokenStages, failure, token, tokenStage, tokens } from "./test/token-stage.ts";

afterEach(closeTokenStages);

const revoked: Answer = {
  status: 400,
  body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
};
const badSignature: Answer = {
  status: 400,
  body: { error: "invalid_grant", error_description: "Invalid JWT Signature." },
};

describe("a refusal that no retry heals", () => {
  it("is not asked again, and fails requests at once with what to do", async () => {
    const sea = tokenStage(authorizedUser, () => revoked);
    sea.source.start();
    await sea.clock.advance(3600);
    expect(sea.http.sent).toHaveLength(1);
    expect(sea.state()).toBe("needs-reauth");
    const error = await failure(sea.source.token());
    expect(error.errorName).toBe("ForbiddenAccess");
    expect(error.details).toMatch(/^Google account "sea" is needs-reauth \(token\): .*revoked.*gcloud auth/);
    expect(sea.lines).toEqual([error.details]);
    expect(sea.http.sent).toHaveLength(1);
  });

  it("ends with a person's refresh", async () => {
    const sea = tokenStage(authorizedUser, () => revoked);
    sea.source.start();
    await settled();
    sea.http.script = tokens(3600);
    expect(await sea.source.refresh()).toBeUndefined();
    expect(await token(sea)).toBe("t1");
  });

  it("ends with a changed file, looked for at each RefreshInterval", async () => {
    const sea = tokenStage(authorizedUser, () => revoked);
    sea.source.start();
    await settled();
    sea.http.script = tokens(3600);
    sea.loaded = { credential: serviceAccount, fingerprint: "second" };
    await sea.clock.advance(59);
    expect(sea.state()).toBe("needs-reauth");
    await sea.clock.advance(2);
    expect(sea.state()).toBe("ok");
  });

  it("of a key that never worked means a wrong key", async () => {
    const sea = tokenStage(serviceAccount, () => badSignature);
    sea.source.start();
    await sea.clock.advance(3600);
    expect(sea.state()).toBe("misconfigured");
    expect(await failure(sea.source.token())).toMatchObject({ errorName: "BadRequest" });
    expect(sea.http.sent).toHaveLength(1);
  });

  it("of a key that has worked means that it was revoked; the token lasts to its end", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    sea.source.start();
    await sea.clock.advance(3000);
    sea.http.script = () => badSignature;
    await sea.clock.advance(400);
    expect(sea.state()).toBe("needs-reauth");
    expect(await token(sea)).toBe("t1");
    await sea.clock.advance(3600);
    expect(await failure(sea.source.token())).toMatchObject({ errorName: "ForbiddenAccess" });
    expect(sea.http.sent).toHaveLength(2);
  });

  it("can be the file's: nothing is sent until it is right", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    sea.loaded = {
      problem: misconfigured("file", "ServiceAccountFile is missing", "put it there"),
      fingerprint: "none",
    };
    sea.source.start();
    await sea.clock.advance(600);
    expect(sea.state()).toBe("misconfigured");
    expect(sea.http.sent).toHaveLength(0);
    expect(sea.lines).toHaveLength(1);
    sea.loaded = { credential: serviceAccount, fingerprint: "now there" };
    await sea.clock.advance(61);
    expect(sea.state()).toBe("ok");
  });
});

describe("a 401 from the store", () => {
  it("drops the token, and the next request gets a new one", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    const first = await token(sea);
    sea.source.reject(first);
    expect(await token(sea)).toBe("t2");
  });

  it("seen by 50 requests at once costs one renewal", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    const first = await token(sea);
    const replays = await Promise.all(
      Array.from({ length: 50 }, () => {
        sea.source.reject(first);
        return token(sea);
      }),
    );
    expect(new Set(replays)).toEqual(new Set(["t2"]));
    sea.source.reject(first);
    expect(await token(sea)).toBe("t2");
    expect(sea.http.sent).toHaveLength(2);
  });

  it("for every new token costs three renewals in 15 seconds", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    for (let count = 0; count < 20; count += 1) {
      sea.source.reject(await token(sea));
    }
    expect(sea.http.sent).toHaveLength(4);
    await sea.clock.advance(16);
    sea.source.reject();
    expect(await token(sea)).toBe("t5");
  });

  it("does not shorten the wait for a retry", async () => {
    const sea = tokenStage(serviceAccount, tokens(3600));
    sea.source.start();
    await sea.clock.advance(3290);
    sea.http.script = () => ({ status: 503, headers: { "retry-after": "100" } });
    await sea.clock.advance(20);
    sea.source.reject();
    expect(await failure(sea.source.token())).toMatchObject({ errorName: "NetworkProtocol" });
    expect(sea.http.sent).toHaveLength(2);
  });
});
