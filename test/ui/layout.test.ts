import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { cloudRequest, type Gateway, startGateway, untilState, uploadStudy } from "../google/gateway.ts";
import { eachInWindow, refusal, shown } from "./browser.ts";

const longName = "Featherstonehaugh-Cholmondeley^Bartholomew Maximilian^^Prof. Dr.";

/** Roles that have no meaning without a name; the snapshot writes `- role "name"`. */
const nameless = /^\s*- (button|link|textbox|checkbox|combobox|table|progressbar|navigation|img)(?! ")/m;

describe.skipIf(!hasTool("chromium"))("layout", () => {
  let gateway: Gateway;
  let study: string;
  const window = eachInWindow(() => gateway.server.url);
  beforeAll(async () => {
    gateway = await startGateway();
    await untilState(gateway, "service", "ok");
    ({ id: study } = await uploadStudy(gateway, { instances: 2, rows: 32, patientName: longName }));
    await cloudRequest(gateway, "service", "stow", { Resources: [study], Synchronous: true });
  });
  afterAll(() => gateway.close());

  /** Goes through all pages; `look` sees each when it is complete. */
  async function visit(page: Page, look: (name: string) => Promise<void>): Promise<void> {
    const open = (hash: string) => page.goto(`${gateway.server.url}/app/#/${hash}`);
    await open("");
    await page.getByRole("checkbox").check();
    await look("studies");
    await open(`study/${study}`);
    await page.getByRole("button", { name: "CT 1 Thorax 2.0 2 instances" }).click();
    await page.getByRole("table", { name: "Instances" }).waitFor();
    await look("study");
    await open("cloud/service");
    await page.getByRole("button", { name: "Retrieve" }).waitFor();
    await look("cloud");
    await open("accounts");
    await page.getByRole("button", { name: "Check the connection" }).first().click();
    await page.getByRole("img", { name: "passed" }).first().waitFor();
    await look("accounts");
    await open("jobs");
    await page.getByRole("table", { name: "Jobs" }).waitFor();
    await page.getByLabel("Upload…").setInputFiles({
      name: `${"very-".repeat(30)}long.txt`,
      mimeType: "text/plain",
      buffer: Buffer.from("DICM".repeat(50)),
    });
    await shown(page, /1 refused/);
    await look("jobs and upload");
  }

  it.each([1280, 400])("never scrolls sideways at a width of %i", async (width) => {
    const { page, expected } = window();
    await page.setViewportSize({ width, height: 800 });
    await visit(page, async (name) => {
      expect([name, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([name, width]);
    });
    expected.push(refusal("400 (Bad Request)", "/instances"));
  });

  it("names everything that can be used, on every page", async () => {
    const { page, expected } = window();
    await visit(page, async (name) => {
      expect([name, nameless.exec(await page.locator("body").ariaSnapshot())?.[0]]).toEqual([name, undefined]);
    });
    expected.push(refusal("400 (Bad Request)", "/instances"));
  });
});
