import { describe, expect, onTestFinished, test } from "vitest";
import { noLog, type Log } from "../util/log.ts";
import { LuaThread } from "./lua-thread.ts";
import type { HostRequest, LuaData } from "./protocol.ts";

type Answer = (request: HostRequest) => Promise<LuaData>;

function threadForTest(answer: Answer = async () => undefined, log: Log = noLog): LuaThread {
  const thread = new LuaThread({ answer, log });
  onTestFinished(() => thread.close(1000));
  return thread;
}

async function printed(script: string, thread = threadForTest()): Promise<string> {
  return (await thread.run(script, "line")).printed;
}

/** Answers what `RestApiGet` of this URI asks. */
const answering =
  (answers: Readonly<Record<string, LuaData | (() => Promise<LuaData>)>>): Answer =>
  async (request) => {
    const answer = request.kind === "rest" ? answers[request.uri] : undefined;
    return typeof answer === "function" ? answer() : answer;
  };

describe("scripts", () => {
  test("print joins its arguments by commas", async () => {
    expect(await printed("print('a', 1, 2.5, nil, true) print()")).toBe("a, 1, 2.5, nil, true\n\n");
  });

  test("an error says where", async () => {
    await expect(threadForTest().run("\nerror('boo')", "@/scripts/some.lua")).rejects.toMatchObject({
      errorName: "CannotExecuteLua",
      details: "/scripts/some.lua:2: boo",
    });
  });

  test("an error that is no text is told by its type", async () => {
    await expect(threadForTest().run("error({})", "line")).rejects.toMatchObject({
      details: "an error that is no text but of type table",
    });
  });

  test("a table that holds itself is an error, not the end of the server", async () => {
    const thread = threadForTest();
    await expect(thread.run("local t = {} t.t = t print(DumpJson(t))", "line")).rejects.toThrow("tables within tables");
    expect(await printed("print('alive')", thread)).toBe("alive\n");
  });

  test("endless recursion and too much memory are errors", async () => {
    const thread = threadForTest();
    await expect(thread.run("local function f() return 1 + f() end f()", "line")).rejects.toThrow("stack overflow");
    await expect(thread.run("string.rep('x', 1 << 33)", "line")).rejects.toThrow(/memory|too large/);
    expect(await printed("print('alive')", thread)).toBe("alive\n");
  });

  test("files can be executed, required and read", async () => {
    const loads = `
      local path = os.tmpname()
      local file = io.open(path, 'w') file:write('loaded = (loaded or 0) + 1 return loaded') file:close()
      package.path = path
      print(dofile(path), require('module'), require('module'), loadfile(path)())
      os.remove(path)
      print(pcall(require, 'module2'))`;
    expect(await printed(loads)).toMatch(/^1, 2, 2, 3\nfalse, .*module 'module2' not found/s);
  });
});

describe("callbacks", () => {
  test("are known once a script has defined them", async () => {
    const thread = threadForTest();
    await thread.run("function OnStoredInstance() end ReceivedInstanceFilter = 5", "line");
    expect(thread.defines("OnStoredInstance")).toBe(true);
    expect(thread.defines("ReceivedInstanceFilter")).toBe(false);
    await thread.run("OnStoredInstance = nil", "line");
    expect(thread.defines("OnStoredInstance")).toBe(false);
  });

  test("get tables, lists and texts, and give them back", async () => {
    const thread = threadForTest();
    await thread.run("function IncomingFindRequestFilter(a, b, c) return { a, b, { c } , #a.name } end", "line");
    const args = [{ name: "Ünal", list: ["x", "y"], none: null }, 2.5, false];
    const { value } = await thread.call("IncomingFindRequestFilter", args);
    expect(value).toEqual([{ name: "Ünal", list: ["x", "y"] }, 2.5, [false], 5]);
  });

  test("bytes pass as they are", async () => {
    const bytes = Buffer.from([0, 255, 1, 128, 0]);
    const asked: HostRequest[] = [];
    const thread = threadForTest(async (request) => {
      asked.push(request);
      return bytes;
    });
    const script = "local b = RestApiGet('/file') print(#b, b:byte(1, -1)) RestApiPost('/copy', b)";
    expect(await printed(script, thread)).toBe("5, 0, 255, 1, 128, 0\n");
    expect(asked[1]).toMatchObject({ method: "POST", uri: "/copy", body: new Uint8Array(bytes) });
  });

  test("large answers arrive whole", async () => {
    const size = 8 << 20;
    const thread = threadForTest(answering({ "/large": Buffer.alloc(size, "x") }));
    expect(await printed("print(#RestApiGet('/large'))", thread)).toBe(`${size}\n`);
  });

  test("what the server refuses is nil, and logged", async () => {
    const errors: string[] = [];
    const log = { ...noLog, error: (message: string) => void errors.push(message) };
    const thread = threadForTest(async () => Promise.reject(new Error("no such thing")), log);
    expect(await printed("print(RestApiGet('/x'), 'on')", thread)).toBe("nil, on\n");
    expect(errors).toEqual(['Lua: RestApiGet("/x"): no such thing']);
  });
});

describe("the order", () => {
  test("a filter is answered while a script waits for the server, which may need it", async () => {
    const thread: LuaThread = threadForTest(
      answering({
        "/outer": async () => (await thread.call("ReceivedInstanceFilter", ["nested"])).value,
        "/inner": "inner",
      }),
    );
    await thread.run("function ReceivedInstanceFilter(x) print(x) return x .. RestApiGet('/inner') end", "line");
    expect(await printed("print(RestApiGet('/outer')) print('end')", thread)).toBe("nestedinner\nend\n");
  });

  test("a filter is answered while a coroutine waits", async () => {
    const thread: LuaThread = threadForTest(
      answering({ "/outer": async () => (await thread.call("ReceivedInstanceFilter", [])).value, "/inner": "inner" }),
    );
    await thread.run("function ReceivedInstanceFilter() return RestApiGet('/inner') end", "line");
    const script = `
      local step = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(RestApiGet('/outer') .. i) end error('end') end)
      print(step(), step(), step())
      print(pcall(step))
      collectgarbage()
      print(RestApiGet('/outer'))`;
    expect(await printed(script, thread)).toBe('inner1, inner2, inner3\nfalse, [string "line"]:2: end\ninner\n');
  });

  test("an event waits until the script has ended", async () => {
    const told: Promise<unknown>[] = [];
    const thread: LuaThread = threadForTest(
      answering({
        "/store": async () => {
          told.push(thread.call("OnStoredInstance", ["id"], "event"));
          return (await thread.call("ReceivedInstanceFilter", [])).value;
        },
      }),
    );
    await thread.run("log = {} function ReceivedInstanceFilter() log[#log + 1] = 'filter' return '' end", "line");
    await thread.run("function OnStoredInstance() log[#log + 1] = 'event' end", "line");
    await thread.run("RestApiGet('/store') log[#log + 1] = 'script'", "line");
    await Promise.all(told);
    expect(await printed("print(table.concat(log, ' '))", thread)).toBe("filter script event\n");
  });

  test("what a nested call prints is not the outer one's", async () => {
    const thread: LuaThread = threadForTest(
      answering({ "/x": async () => (await thread.call("ReceivedInstanceFilter", [])).printed }),
    );
    await thread.run("function ReceivedInstanceFilter() print('inner') end", "line");
    expect(await printed("print(RestApiGet('/x') == 'inner\\n')", thread)).toBe("true\n");
  });
});

describe("the toolbox", () => {
  test("notes what is to be done, in order, and gives the resource on", async () => {
    const { operations } = await threadForTest().run(
      "Delete(SendToModality(SendToPeer('id', 'peer'), 'pacs', 'ME')) CallSystem('id', 'ls', { '-l' })",
      "line",
    );
    expect(operations).toEqual([
      { kind: "store-peer", resource: "id", peer: "peer" },
      { kind: "store-scu", resource: "id", modality: "pacs", localAet: "ME" },
      { kind: "delete", resource: "id" },
      { kind: "call-system", resource: "id", command: "ls", arguments: ["-l"] },
    ]);
  });

  test("refuses what is no resource, where it is called", async () => {
    await expect(threadForTest().run("\n\nSendToModality(nil, 'pacs')", "line")).rejects.toMatchObject({
      details: '[string "line"]:3: There is no resource to send',
    });
  });
});

test("when the thread has ended its filters refuse", async () => {
  const thread = threadForTest();
  await thread.run("function IncomingHttpRequestFilter() return true end", "line");
  await thread.close(1000);
  expect(thread.defines("IncomingHttpRequestFilter")).toBe(true);
  await expect(thread.call("IncomingHttpRequestFilter", [])).rejects.toThrow("Cannot execute a Lua command");
});

test("a script cannot end the interpreter", async () => {
  await expect(threadForTest().run("os.exit()", "line")).rejects.toThrow("os.exit would end the interpreter");
});

test("a script that never ends is ended when the thread is closed", async () => {
  const thread = threadForTest();
  await thread.run("print(1)", "line");
  const endless = expect(thread.run("while true do end", "line")).rejects.toThrow("Cannot execute a Lua command");
  await thread.close(50);
  await endless;
});

test("a script that waits for an answer that never comes is ended too", async () => {
  const thread = threadForTest(() => new Promise(() => {}));
  const waiting = expect(thread.run("RestApiGet('/x')", "line")).rejects.toThrow("Cannot execute a Lua command");
  await thread.close(50);
  await waiting;
});
