import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeImage, makeStudy } from "../phantoms/study.ts";
import { eachInWindow, gone, refusal, rowsOf, shown } from "./browser.ts";

interface ChosenFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function chosen(name: string, buffer: Buffer): ChosenFile {
  return { name, mimeType: "application/octet-stream", buffer };
}

/** Holds uploads back until they are let through one by one. */
async function holdUploads(page: Page): Promise<() => Promise<void>> {
  const held: (() => Promise<void>)[] = [];
  let arrived = Promise.withResolvers<void>();
  await page.route("**/instances", (route) => {
    held.push(() => route.continue());
    arrived.resolve();
  });
  return async () => {
    await arrived.promise;
    await held.shift()?.();
    if (held.length === 0) arrived = Promise.withResolvers();
  };
}

const invitation = "Drop DICOM files, folders or ZIP archives to store them";

/** Drags files and folders from the desktop over the middle of the page until it invites to drop them; the answer does. */
async function dragOver(page: Page, files: readonly string[]): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", {
      type,
      x: 400,
      y: 400,
      data: { items: [], files: [...files], dragOperationsMask: 1 },
    });
  // As a hand does, again and again: Chromium loses what comes before its first frame.
  do {
    await send("dragEnter");
    await send("dragOver");
  } while (!(await page.getByText(invitation).isVisible()));
  return async () => {
    await page.evaluate(
      `addEventListener("drop", () => document.body.setAttribute("data-dropped", ""), { once: true, capture: true })`,
    );
    const isDropped = page.locator("body[data-dropped]");
    // Chromium takes it for leaving when the page has not answered the last dragOver yet.
    do {
      await send("dragEnter");
      await send("dragOver");
      await send("drop");
    } while (
      !(await isDropped.waitFor({ state: "attached", timeout: 1000 }).then(
        () => true,
        () => false,
      ))
    );
  };
}

describe.skipIf(!hasTool("chromium"))("upload", () => {
  let server: TestServer;
  const window = eachInWindow(() => server.url);
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it("stores chosen files, tells how far it is and shows the study at once", async () => {
    const { page } = window();
    const letThrough = await holdUploads(page);
    const images = [...makeStudy({ instances: 3, rows: 32, seed: 1 })];
    await page.getByLabel("Upload…").setInputFiles(images.map(({ file }, index) => chosen(`${index}.dcm`, file)));
    await shown(page, "Uploading…");
    await shown(page, "0 of 3 files");
    await page.getByRole("progressbar", { name: "Bytes sent" }).waitFor();
    await letThrough();
    await shown(page, "1 of 3 files");
    await letThrough();
    await letThrough();
    await shown(page, "Upload finished: 3 instances stored");
    expect(await rowsOf(page, "Studies")).toEqual([
      ["", "Phantom, Number 1", "PHANTOM-1", "2026-11-02", "CT", "Phantom study", "A100001", "1", "3"],
    ]);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByRole("region", { name: "Upload" }).waitFor({ state: "hidden" });
  });

  it("stores files and folders that are dropped", async () => {
    const { page } = window();
    const folder = await mkdtemp(join(tmpdir(), "greyhaven-drop-"));
    await mkdir(join(folder, "disc/deep"), { recursive: true });
    const [first, second, third] = makeStudy({ instances: 3, rows: 32, seed: 2 });
    const files = [join(folder, "one.dcm"), join(folder, "disc/two.dcm"), join(folder, "disc/deep/three.dcm")];
    for (const [index, image] of [first, second, third].entries()) {
      await writeFile(files[index] ?? "", image?.file ?? "");
    }
    const drop = await dragOver(page, [join(folder, "one.dcm"), join(folder, "disc")]);
    await drop();
    await shown(page, "Upload finished: 3 instances stored");
    await gone(page, invitation);
    await shown(page, "Phantom, Number 2");
    await rm(folder, { recursive: true });
  });

  it("forgets a drag that goes elsewhere", async () => {
    const { page } = window();
    await dragOver(page, [import.meta.filename]);
    await page.mouse.move(10, 10);
    await gone(page, invitation);
  });

  it("tells what was stored before", async () => {
    const { page } = window();
    const file = chosen("same.dcm", makeImage({ rows: 32, seed: 3 }).file);
    await page.getByLabel("Upload…").setInputFiles([file]);
    await shown(page, "Upload finished: 1 instance stored");
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByLabel("Upload…").setInputFiles([file]);
    await shown(page, "Upload finished: 0 instances stored, 1 already stored before");
  });

  it("shows the server's reason for each file that it refuses, and stores the others", async () => {
    const { page, expected } = window();
    await page
      .getByLabel("Upload…")
      .setInputFiles([
        chosen("notes.txt", Buffer.from("These are my notes about the patient.")),
        chosen("good.dcm", makeImage({ rows: 32, seed: 4 }).file),
      ]);
    await shown(page, "Upload finished: 1 instance stored, 1 refused");
    await shown(page, /^notes\.txt: Bad file format: at byte \d+: .*expected/);
    expected.push(refusal("400 (Bad Request)", "/instances"));
  });

  it("tells that the server is gone", async () => {
    const { page, expected } = window();
    await page.route("**/instances", (route) => route.abort("connectionrefused"));
    await page.getByLabel("Upload…").setInputFiles([chosen("one.dcm", Buffer.from("DICM"))]);
    await shown(page, "one.dcm: The server cannot be reached");
    expected.push("Failed to load resource: net::ERR_CONNECTION_REFUSED /instances");
  });
});
