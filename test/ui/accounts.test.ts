import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { type Gateway, startGateway, untilState } from "../google/gateway.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { eachInWindow, refusal, shown } from "./browser.ts";

describe.skipIf(!hasTool("chromium"))("accounts", () => {
  let gateway: Gateway;
  const window = eachInWindow(() => gateway.server.url, "/app/#/accounts");
  beforeAll(async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    await untilState(gateway, "user", "ok");
  });
  afterAll(() => gateway.close());

  it("shows the state of each, and no secret", async () => {
    const { page } = window();
    for (const [name, kind] of [
      ["service", "service-account"],
      ["user", "authorized-user"],
    ] as const) {
      const account = page.getByRole("region", { name, exact: true });
      await account.getByRole("heading", { name: `${name} ok` }).waitFor();
      const text = await account.innerText();
      expect(text).toContain(`${kind}\n`);
      expect(text).toContain(`${gateway.store}/dicomWeb/`);
      expect(text).toMatch(/Token until\n+\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/);
    }
    const source = await page.content();
    for (const secret of gateway.secrets) expect(source).not.toContain(secret);
  });

  it("checks the connection layer by layer", async () => {
    const { page } = window();
    const account = page.getByRole("region", { name: "service" });
    await account.getByRole("button", { name: "Check the connection" }).click();
    const layers = account.getByRole("list", { name: "Check of the connection" }).getByRole("listitem");
    await layers.first().waitFor();
    expect(await layers.getByRole("strong").allInnerTexts()).toEqual(
      "file key clock dns connection tls token permission store".split(" "),
    );
    expect(await layers.getByRole("img", { name: "passed" }).count()).toBe(9);
  });

  it("renews a token, and says why it cannot", async () => {
    const { page, expected } = window();
    const account = page.getByRole("region", { name: "user", exact: true });
    const renew = account.getByRole("button", { name: "Renew the token" });
    await renew.click();
    await account.getByRole("button", { name: "Renew the token", disabled: false }).waitFor();
    expect(await account.getByRole("alert").count()).toBe(0);

    gateway.emulator.revoke({ what: "user", principal: gateway.clientId, state: "revoked" });
    await renew.click();
    await account.getByRole("heading", { name: "user needs-reauth" }).waitFor();
    expect(await account.getByRole("alert").allInnerTexts()).toEqual([
      expect.stringContaining("Token has been expired or revoked"),
    ]);
    await shown(page, "What to do: run `gcloud auth application-default login` again");
    await account.getByRole("button", { name: "Check the connection" }).click();
    await account.getByRole("img", { name: "failed" }).waitFor();
    await account.getByRole("img", { name: "not reached" }).first().waitFor();
    expected.push(refusal("403 (Forbidden)", "/gcp/accounts/user/refresh"));
  });
});

describe.skipIf(!hasTool("chromium"))("an account that cannot work", () => {
  let server: TestServer;
  const window = eachInWindow(() => server.url, "/app/#/accounts");
  beforeAll(async () => {
    const account = { Project: "p", Location: "l", Dataset: "d", DicomStore: "s", ServiceAccountFile: "absent.json" };
    server = await startTestServer({ GoogleCloudPlatform: { Accounts: { broken: account } } });
  });
  afterAll(() => server.close());

  it("is shown with what is wrong and what to do", async () => {
    const { page } = window();
    await page.getByRole("heading", { name: "broken misconfigured" }).waitFor();
    await shown(page, /^ServiceAccountFile .*absent\.json/);
    await shown(page, "What to do: put the file there");
  });
});
