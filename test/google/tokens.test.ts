import { afterEach, describe, expect, it } from "vitest";
import {
  accountNames,
  accountState,
  cloudRequest,
  type Gateway,
  inCloud,
  startGateway,
  tokenRequests,
  untilState,
  uploadStudy,
} from "./gateway.ts";

let gateway: Gateway;
afterEach(() => gateway.close());

function stow(account: string, study: { readonly id: string }): Promise<object> {
  return cloudRequest<object>(gateway, account, "stow", { Resources: [study.id], Synchronous: true });
}

/** Seconds that a token lives in the test of short-lived ones. */
const lifetime = 5;

describe("tokens in use", () => {
  it.each(accountNames)(
    "that live 5 s outlast an upload of 300 instances with the account %s",
    async (account) => {
      gateway = await startGateway({ settings: { expiresIn: lifetime } });
      const study = await uploadStudy(gateway, { instances: 300, rows: 40 });
      // The answers come slowly, so that several tokens come and go during the upload.
      const slowly = { type: "trickle", direction: "answer", bytes: 4096, milliseconds: 300 } as const;
      gateway.emulator.faults.add({ fault: slowly, route: "stow", count: "always" });
      const start = Date.now();
      expect(await stow(account, study)).toMatchObject({ InstancesCount: "300" });
      expect(inCloud(gateway)).toEqual(study.digests);
      expect(Date.now() - start).toBeGreaterThan(2 * lifetime * 1000);
      expect(tokenRequests(gateway)).toBeGreaterThan(4);
      const refused = gateway.emulator.journal.entries().filter(({ status }) => status === 401);
      expect(refused).toEqual([]);
    },
    60_000,
  );

  it("that die during an upload are renewed, and the request is sent again once", async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    const study = await uploadStudy(gateway, { instances: 20, rows: 32 });
    gateway.emulator.faults.add({ fault: { type: "revoke-tokens" }, route: "stow" });
    expect(await stow("service", study)).toMatchObject({ InstancesCount: "20" });
    expect(inCloud(gateway)).toEqual(study.digests);
  });

  it("stay in use while the token endpoint is down", async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    gateway.emulator.faults.add({
      fault: { type: "reply", status: 503, body: "html" },
      path: "/token",
      count: "always",
    });
    const refresh = await fetch(`${gateway.server.url}/gcp/accounts/service/refresh`, { method: "POST" });
    expect(refresh.ok).toBe(false);
    expect((await accountState(gateway, "service")).State).toBe("retrying");
    const study = await uploadStudy(gateway, { instances: 5, rows: 32 });
    expect(await stow("service", study)).toMatchObject({ InstancesCount: "5" });
    gateway.emulator.faults.clear();
    await untilState(gateway, "service", "ok");
  });

  it("of a revoked key end in needs-reauth with a clear message, and without a storm", async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    const study = await uploadStudy(gateway, { instances: 3, rows: 32 });
    gateway.emulator.revoke({ what: "key", privateKeyId: gateway.privateKeyId });
    gateway.emulator.revoke({ what: "tokens" });
    const before = tokenRequests(gateway);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, () => stow("service", study)));
    expect(answers.every(({ status }) => status === "rejected")).toBe(true);
    const { LastError, Remedy } = await untilState(gateway, "service", "needs-reauth");
    expect(LastError).toMatch(/signature/i);
    expect(Remedy).toMatch(/key/i);
    expect(tokenRequests(gateway) - before).toBeLessThanOrEqual(4);
    // The other account goes on.
    expect(await stow("user", study)).toMatchObject({ InstancesCount: "3" });
  });

  it("of a revoked user end in needs-reauth too", async () => {
    gateway = await startGateway();
    await untilState(gateway, "user", "ok");
    gateway.emulator.revoke({ what: "user", principal: gateway.clientId, state: "revoked" });
    gateway.emulator.revoke({ what: "tokens", principal: gateway.clientId });
    const answer = await fetch(`${gateway.server.url}/dicom-web/servers/user/qido`, {
      method: "POST",
      body: JSON.stringify({ Uri: "/studies" }),
    });
    expect(answer.ok).toBe(false);
    expect(await answer.text()).toMatch(/gcloud auth application-default login/);
    expect((await accountState(gateway, "user")).State).toBe("needs-reauth");
  });
});
