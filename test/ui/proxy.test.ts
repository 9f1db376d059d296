import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { type Gateway, inCloud, startGateway, untilState } from "../google/gateway.ts";
import { makeImage } from "../phantoms/study.ts";
import { runNginx, type RunningProxy } from "../proxies/run-proxy.ts";
import { eachInWindow, shown } from "./browser.ts";

describe.skipIf(!hasTool("chromium") || !hasTool("nginx"))("below a path of nginx, as documented", () => {
  let gateway: Gateway;
  let proxy: RunningProxy;
  const window = eachInWindow(() => `${proxy.url}/greyhaven`, "/");
  beforeAll(async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    proxy = await runNginx("nginx.conf", Number(new URL(gateway.server.url).port));
  });
  afterAll(async () => {
    await proxy.close();
    await gateway.close();
  });

  it("works as at the root: upload, send, browse, delete, accounts", async () => {
    const { page } = window();
    expect(page.url()).toBe(`${proxy.url}/greyhaven/app/`);
    const { file, uids } = makeImage({ rows: 32 });
    await page.getByLabel("Upload…").setInputFiles({ name: "one.dcm", mimeType: "application/dicom", buffer: file });
    await shown(page, "Upload finished: 1 instance stored");
    await page.getByRole("link", { name: "Phantom, Number 1" }).click();
    await page.getByRole("button", { name: "Send" }).click();
    await shown(page, /^Sending to service Success$/);
    expect(inCloud(gateway).has(uids.SOPInstanceUID)).toBe(true);

    await page.getByRole("link", { name: "Cloud" }).click();
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete" }).click();
    await shown(page, "This account holds no studies yet.");
    expect(inCloud(gateway).size).toBe(0);

    await page.getByRole("link", { name: "Accounts" }).click();
    await page.getByRole("heading", { name: "service ok" }).waitFor();
  });
});
