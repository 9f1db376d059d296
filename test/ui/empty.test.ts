import { afterAll, beforeAll, describe, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { eachInWindow, shown } from "./browser.ts";

describe.skipIf(!hasTool("chromium"))("a new server", () => {
  let server: TestServer;
  const window = eachInWindow(() => server.url);
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it("says what to do on each page", async () => {
    const { page } = window();
    await shown(page, "Nothing is stored yet. Drop DICOM files, folders or ZIP archives anywhere on this page");
    await page.getByRole("link", { name: "Cloud" }).click();
    await shown(page, "No cloud account is configured.");
    await page.getByRole("link", { name: "Accounts" }).click();
    await shown(page, "No Google account is configured: add a section GoogleCloudPlatform");
    await page.getByRole("link", { name: "Jobs" }).click();
    await shown(page, "No jobs yet");
  });

  it("says when it cannot be reached any more", async () => {
    const { page, expected } = window();
    await page.route(/\/(tools\/find|gcp|jobs|dicom-web|system)/, (route) => route.abort("connectionrefused"));
    await page.getByRole("button", { name: "Search" }).click();
    for (const section of ["Studies", "Cloud", "Accounts", "Jobs"]) {
      await page.getByRole("link", { name: section }).click();
      await page.getByRole("heading", { name: section }).waitFor();
      await page.getByRole("alert").getByText("The server cannot be reached").waitFor();
    }
    for (const path of ["/tools/find", "/dicom-web/servers?expand", "/gcp/accounts?expand", "/jobs?expand"]) {
      expected.push(`Failed to load resource: net::ERR_CONNECTION_REFUSED ${path}`);
    }
  });
});
