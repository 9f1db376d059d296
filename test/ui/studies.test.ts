import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { call } from "../demo/rest-client.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy, type Phantom } from "../phantoms/study.ts";
import { eachInWindow, gone, refusal, rowsOf, shown } from "./browser.ts";

const patients = [
  { patientName: "Doe^John", seed: 1, studyDate: "20260105", modality: "CT", instances: 4, perSeries: 2 },
  { patientName: "Doe^Jane", seed: 2, studyDate: "20260301", modality: "MR", instances: 1, perSeries: 1 },
  { patientName: "Yamada^Tarou", seed: 3, studyDate: "20261102", modality: "CT", instances: 1, perSeries: 1 },
] as const;

/** The patients in the list, in its order. */
async function names(page: Page): Promise<readonly (string | undefined)[]> {
  return (await rowsOf(page, "Studies")).map(([, name]) => name);
}

describe.skipIf(!hasTool("chromium"))("studies", () => {
  let server: TestServer;
  const images: Phantom[] = [];
  const window = eachInWindow(() => server.url, "/");
  beforeAll(async () => {
    server = await startTestServer({ Name: "Harbour" });
    for (const patient of patients) images.push(...makeStudy({ ...patient, rows: 32 }));
    for (const { file } of images) await call(`${server.url}/instances`, { bytes: file });
  });
  afterAll(() => server.close());

  it("lists all of them, the newest first, at the address that / leads to", async () => {
    const { page } = window();
    expect(page.url()).toBe(`${server.url}/app/`);
    await page.waitForFunction('document.title === "Studies – Harbour"');
    expect(await rowsOf(page, "Studies")).toEqual([
      ["", "Yamada, Tarou", "PHANTOM-3", "2026-11-02", "CT", "Phantom study", "A100003", "1", "1"],
      ["", "Doe, Jane", "PHANTOM-2", "2026-03-01", "MR", "Phantom study", "A100002", "1", "1"],
      ["", "Doe, John", "PHANTOM-1", "2026-01-05", "CT", "Phantom study", "A100001", "2", "4"],
    ]);
  });

  it("narrows the list by name, date and modality, and goes back", async () => {
    const { page } = window();
    await page.getByLabel("Patient name").fill("doe");
    await page.getByRole("button", { name: "Search" }).click();
    await page.waitForURL(/PatientName=doe/);
    await gone(page, "Yamada");
    expect(await names(page)).toEqual(["Doe, Jane", "Doe, John"]);

    await page.getByLabel("From").fill("2026-01-01");
    await page.getByLabel("To").fill("2026-02-01");
    await page.getByRole("button", { name: "Search" }).click();
    await gone(page, "Doe, Jane");
    expect(await names(page)).toEqual(["Doe, John"]);

    await page.getByLabel("Modality").fill("MR");
    await page.getByRole("button", { name: "Search" }).click();
    await shown(page, "No study matches.");

    await page.goBack();
    expect(await names(page)).toEqual(["Doe, John"]);
    expect(await page.getByLabel("Modality").inputValue()).toBe("");
    await page.reload();
    expect(await names(page)).toEqual(["Doe, John"]);
    expect(await page.getByLabel("From").inputValue()).toBe("2026-01-01");
  });

  it("is searched from the keyboard alone", async () => {
    const { page } = window();
    await page.getByRole("table").waitFor();
    await page.getByRole("link", { name: "Harbour" }).waitFor();
    const reached: string[] = [];
    for (let presses = 0; presses < 7; presses++) {
      await page.keyboard.press("Tab");
      const focused = page.locator(":focus");
      reached.push((await focused.ariaSnapshot()).replace(/^- /, "").replace(/:(\n.*)?$/s, ""));
    }
    expect(reached).toEqual([
      'link "Harbour"',
      'link "Studies"',
      'link "Cloud"',
      'link "Accounts"',
      'link "Jobs"',
      'button "Upload…"',
      'textbox "Patient name"',
    ]);
    await page.keyboard.type("Yamada");
    await page.keyboard.press("Enter");
    await gone(page, "Doe, Jane");
    expect(await names(page)).toEqual(["Yamada, Tarou"]);
  });

  it("shows a study's series and instances, and gives the files", async () => {
    const { page } = window();
    await page.getByRole("link", { name: "Doe, John" }).click();
    await page.getByRole("heading", { name: "Doe, John 2026-01-05" }).waitFor();
    await shown(page, "PHANTOM-1");
    const series = page.getByRole("button", { name: "CT 1 Thorax 2.0 2 instances" });
    await page.getByRole("button", { name: "CT 2 Thorax 2.0 2 instances" }).waitFor();
    await series.focus();
    await page.keyboard.press("Enter");
    expect(await rowsOf(page, "Instances")).toEqual(
      images.slice(0, 2).map(({ uids, file }, index) => {
        const kilobytes = (file.length / 1000).toFixed(1);
        return [String(index + 1), uids.SOPInstanceUID, `${kilobytes} kB`, "DICOM tags"];
      }),
    );
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "DICOM" }).first().click();
    expect(images[0]?.file.equals(await readFile(await (await download).path()))).toBe(true);
    const tab = page.waitForEvent("popup");
    await page.getByRole("link", { name: "tags" }).first().click();
    await shown(await tab, '"PatientName": "Doe^John"');
  });

  it("deletes a study after asking", async () => {
    const { page } = window();
    await page.getByRole("link", { name: "Doe, Jane" }).click();
    page.once("dialog", (dialog) => void dialog.dismiss());
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Doe, Jane" }).waitFor();
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("heading", { name: "Studies" }).waitFor();
    expect(await names(page)).toEqual(["Yamada, Tarou", "Doe, John"]);
  });

  it("says why a study cannot be shown, and that there is no such page", async () => {
    const { page, expected } = window();
    await page.goto(`${server.url}/app/#/study/nothing`);
    await shown(page, "Unknown resource");
    await page.goto(`${server.url}/app/#/50%`);
    await shown(page, "There is no such page");
    expected.push(
      refusal("404 (Not Found)", "/studies/nothing"),
      refusal("404 (Not Found)", "/studies/nothing/series"),
    );
  });
});
