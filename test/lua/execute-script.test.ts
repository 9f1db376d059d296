import { expect, test } from "vitest";
import { ask } from "../server/ask.ts";
import { serverForTest } from "../server/server-for-test.ts";
import { execute, printed } from "./scripts.ts";

test("a script is run and what it prints is the answer, as plain text", async () => {
  const { url } = await serverForTest({ ExecuteLuaEnabled: true });
  const answer = await execute(
    url,
    "print('hello', 42, nil)\nprint(RestApiGet('/tools/generate-uid?level=study') ~= nil)",
  );
  expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/plain"]);
  expect(answer.text()).toBe("hello, 42, nil\ntrue\n");
});

test("globals stay from one script to the next", async () => {
  const { url } = await serverForTest({ ExecuteLuaEnabled: true });
  await printed(url, "counter = 41");
  expect(await printed(url, "counter = counter + 1 print(counter)")).toBe("42\n");
});

test("without ExecuteLuaEnabled nothing is run", async () => {
  const { url } = await serverForTest();
  const answer = await execute(url, "print(1)");
  expect([answer.status, answer.text()]).toEqual([403, ""]);
});

test("a script that fails is an error that says where", async () => {
  const { url } = await serverForTest({ ExecuteLuaEnabled: true });
  const answer = await execute(url, "print('lost')\nerror('boo')");
  expect(answer.status).toBe(500);
  expect(answer.json()).toMatchObject({ OrthancStatus: 2031, Details: '[string "line"]:2: boo' });
});

test("no thread runs before the first script", async () => {
  const { url } = await serverForTest({ ExecuteLuaEnabled: true });
  const before = threads();
  await ask(url, "GET /system");
  expect(threads()).toBe(before);
  await printed(url, "print(1)");
  expect(threads()).toBeGreaterThan(before);
});

function threads(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "MessagePort").length;
}
