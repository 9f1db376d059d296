import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { call } from "../demo/rest-client.ts";
import {
  accountNames,
  cloudRequest,
  type Gateway,
  inArchive,
  inCloud,
  startGateway,
  untilState,
  type UploadedStudy,
  uploadStudy,
} from "../google/gateway.ts";
import { eachInWindow, gone, refusal, rowsOf, shown } from "./browser.ts";

describe.skipIf(!hasTool("chromium"))("the cloud", () => {
  let gateway: Gateway;
  let seed = 0;
  const window = eachInWindow(() => gateway.server.url);
  beforeAll(async () => {
    gateway = await startGateway();
    for (const account of accountNames) await untilState(gateway, account, "ok");
  });
  afterAll(() => gateway.close());
  beforeEach(() => {
    seed += 1;
  });

  /** A study of this test, which no other has seen. */
  const upload = (): Promise<UploadedStudy> => uploadStudy(gateway, { instances: 3, perSeries: 2, rows: 32, seed });
  const uploadAndSend = async (): Promise<UploadedStudy> => {
    const study = await upload();
    await cloudRequest(gateway, "user", "stow", { Resources: [study.id], Synchronous: true });
    return study;
  };
  const open = (page: Page, hash: string) => page.goto(`${gateway.server.url}/app/#/${hash}`);
  const browse = (page: Page) => open(page, `cloud/user?PatientID=PHANTOM-${seed}`);

  it("receives a study, and the job is shown until its success", async () => {
    const { page } = window();
    const study = await upload();
    await open(page, `study/${study.id}`);
    await page.getByLabel("Send to").selectOption("service");
    await page.getByRole("button", { name: "Send" }).click();
    await shown(page, /^Sending to service Success$/);
    for (const [uid, digest] of study.digests) expect(inCloud(gateway).get(uid)).toBe(digest);
  });

  it("receives the studies that are selected in the list", async () => {
    const { page } = window();
    const study = await upload();
    await open(page, `?PatientID=PHANTOM-${seed}`);
    const send = page.getByRole("button", { name: "Send" });
    await page.getByRole("button", { name: "Send", disabled: true }).waitFor();
    await page.getByRole("checkbox", { name: `Select the study of Phantom, Number ${seed}` }).check();
    await shown(page, "1 selected");
    await send.click();
    await shown(page, /^Sending to service Success$/);
    for (const [uid, digest] of study.digests) expect(inCloud(gateway).get(uid)).toBe(digest);
  });

  it("is browsed and searched, by the beginning of a name too", async () => {
    const { page } = window();
    const study = await uploadAndSend();
    await page.getByRole("link", { name: "Cloud" }).click();
    await page.getByRole("link", { name: "user", exact: true }).click();
    await page.getByLabel("Patient name").fill(`phan ${seed}`);
    await page.getByLabel("From").fill("2026-11-02");
    await page.getByLabel("To").fill("2026-11-03");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/cloud\/user\?PatientName=/);
    const uid = study.StudyInstanceUID;
    expect(await rowsOf(page, "Studies in user")).toEqual([
      [
        `Phantom, Number ${seed}`,
        `PHANTOM-${seed}`,
        "2026-11-02",
        `A${100_000 + seed}`,
        uid,
        "yes",
        "Retrieve\nDelete",
      ],
    ]);
    await page.getByLabel("Patient ID").fill("nobody");
    await page.keyboard.press("Enter");
    await shown(page, "No study in this account matches.");
  });

  it("gives back a study that was deleted here, byte for byte", async () => {
    const { page } = window();
    const study = await uploadAndSend();
    await call(`${gateway.server.url}/studies/${study.id}`, { method: "DELETE" });
    await browse(page);
    await page.getByRole("cell", { name: "no", exact: true }).waitFor();
    await page.getByRole("button", { name: "Retrieve" }).click();
    await shown(page, /^Retrieving Success$/);
    await page.getByRole("link", { name: "yes" }).click();
    await page.getByRole("heading", { name: `Phantom, Number ${seed}` }).waitFor();
    expect(await inArchive(gateway, study.id)).toEqual(study.digests);
  });

  it("loses a study when it is deleted there, after asking", async () => {
    const { page } = window();
    const study = await uploadAndSend();
    await browse(page);
    page.once("dialog", (dialog) => void dialog.dismiss());
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Delete", disabled: false }).waitFor();
    expect(inCloud(gateway).size).toBeGreaterThanOrEqual(study.digests.size);
    page.once("dialog", (dialog) => void dialog.accept());
    await page.getByRole("button", { name: "Delete" }).click();
    await shown(page, "No study in this account matches.");
    for (const uid of study.digests.keys()) expect(inCloud(gateway).has(uid)).toBe(false);
    expect(await inArchive(gateway, study.id)).toEqual(study.digests);
  });

  it("shows why it cannot be browsed", async () => {
    const { page, expected } = window();
    gateway.emulator.faults.add({ fault: { type: "reply", status: 403 }, route: "qido" });
    await open(page, "cloud/user");
    await shown(page, /HTTP status 403: PERMISSION_DENIED/);
    await page.getByRole("button", { name: "Search" }).click();
    await page.getByRole("table", { name: "Studies in user" }).waitFor();
    expected.push(refusal("500 (Internal Server Error)", "/dicom-web/servers/user/qido"));
  });

  it("lists jobs that are done, and submits one again that failed", async () => {
    const { page } = window();
    const study = await uploadAndSend();
    gateway.emulator.faults.add({ fault: { type: "reply", status: 403 }, route: "stow" });
    await open(page, `study/${study.id}`);
    await page.getByRole("button", { name: "Send" }).click();
    await shown(page, /^Sending to service Failure$/);
    const reason = await page.getByRole("alert").innerText();
    expect(reason).toContain("403");

    await page.getByRole("link", { name: "Jobs" }).click();
    const [failed, done] = await rowsOf(page, "Jobs");
    expect(failed?.[0]).toBe("Send to service");
    expect(failed?.[1]).toBe("Failure");
    expect(failed?.[5]).toContain(reason);
    expect(done?.slice(0, 2)).toEqual(["Send to user", "Success"]);
    expect(done?.[3]).toBe("3");
    await page.getByRole("button", { name: "resubmit" }).click();
    await gone(page, reason);
    await gone(page, "Failure");
  });
});
