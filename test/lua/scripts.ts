import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { TestServer } from "../greyhaven.ts";
import { ask, type Answer } from "../server/ask.ts";
import { serverForTest } from "../server/server-for-test.ts";

/** A server with one Lua script, which is closed when the test ends. */
export function serverWithScript(script: string, configuration: object = {}): Promise<TestServer> {
  const options = { LuaScripts: ["script.lua"], ExecuteLuaEnabled: true, ...configuration };
  return serverForTest(options, { files: { "script.lua": script } });
}

export function execute(url: string, script: string): Promise<Answer> {
  return ask(url, "POST /tools/execute-script", { body: script });
}

/** What a script prints. */
export async function printed(url: string, script: string): Promise<string> {
  const answer = await execute(url, script);
  expect(answer.status, answer.text()).toBe(200);
  return answer.text();
}

/** What scripts have printed so far, in order. */
export function said({ logged }: Pick<TestServer, "logged">): readonly string[] {
  return logged.flatMap((line) => /^Lua says: (.*)$/s.exec(line)?.[1] ?? []);
}

/** Waits until scripts have printed so many lines. */
export async function saidSoFar(server: Pick<TestServer, "logged">, count: number): Promise<readonly string[]> {
  await expect.poll(() => said(server).length, { timeout: 10_000 }).toBeGreaterThanOrEqual(count);
  return said(server);
}

export function corpusFile(data: string, path: string): Promise<Buffer> {
  return readFile(join(data, path));
}
