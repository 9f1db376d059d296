import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { toolPath } from "../debian-tool.ts";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The window of the test that is running. */
export interface Window {
  readonly page: Page;
  /** What the console is expected to say, and nothing else. */
  readonly expected: string[];
}

/**
 * For a `describe`: Debian's Chromium with a new profile, and for each test a new session with a window at `base()`, the
 * address of the server without a slash at the end. Each test holds that the page makes no error, writes none to the console
 * and asks for nothing but what is below `base()`.
 */
export function eachInWindow(base: () => string, address = "/app/"): () => Window {
  let browser: Browser;
  let window: Window;
  let problems: ReadonlySet<string>;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: toolPath("chromium") ?? "chromium", args: flags });
  });
  beforeEach(async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(10_000);
    problems = watch(page, base());
    window = { page, expected: [] };
    await page.goto(base() + address);
  });
  afterEach(async () => {
    await window.page.close();
    expect([...problems].toSorted()).toEqual(window.expected.toSorted());
  });
  afterAll(() => browser.close());
  return () => window;
}

/** What goes wrong in the page, without repetition: some pages ask again and again. */
function watch(page: Page, base: string): ReadonlySet<string> {
  const problems = new Set<string>();
  page.on("pageerror", (error) => problems.add(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.add(`${message.text()} ${message.location().url.replace(base, "")}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${base}/`)) problems.add(`asked for ${request.url()}`);
  });
  return problems;
}

/** What Chromium writes to its console about an answer that is no success. */
export function refusal(status: string, path: string): string {
  return `Failed to load resource: the server responded with a status of ${status} ${path}`;
}

/** Waits until the text is shown; fails with Playwright's account of what it waited for. */
export function shown(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).first().waitFor();
}

/** Waits until no text of the page matches. */
export function gone(page: Page, text: string | RegExp): Promise<void> {
  return page.getByText(text).waitFor({ state: "hidden" });
}

/** The texts of a table's rows, cell by cell, as soon as it is there. */
export async function rowsOf(page: Page, table: string): Promise<readonly (readonly string[])[]> {
  const rows = page.getByRole("table", { name: table }).locator("tbody tr");
  await rows.first().waitFor();
  const found = await rows.all();
  return Promise.all(found.map((row) => row.getByRole("cell").allInnerTexts()));
}
