/** What is not in Orthanc 1.10.1, or is not as its manual says there. */
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasTool, toolPath } from "../debian-tool.ts";
import { makeImage } from "../phantoms/study.ts";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, serverForTest } from "../server/server-for-test.ts";
import { upload, uploadStudy } from "../server/upload.ts";
import { printed, said, saidSoFar, serverWithScript } from "./scripts.ts";

const run = promisify(execFile);

/** Two servers: what the script of the first sends arrives at the second. */
async function senderAndReceiver(script: string, configuration: object = {}) {
  const receiver = await serverForTest({ DicomAet: "RECEIVER", DicomCheckCalledAet: false });
  const sender = await serverWithScript(script, {
    DicomModalities: {
      receiver: ["RECEIVER", "127.0.0.1", receiver.dicomPort],
      nobody: ["NOBODY", "127.0.0.1", 1],
    },
    OrthancPeers: { peer: [`${receiver.url}/`] },
    ...configuration,
  });
  return { sender, receiver };
}

const instancesOf = (url: string) => askJson<string[]>(url, "GET /instances");

describe("OnStoredInstance", () => {
  test("sends to a modality and then deletes", async () => {
    const { sender, receiver } = await senderAndReceiver(
      "function OnStoredInstance(id) Delete(SendToModality(id, 'receiver')) end",
    );
    const stored = await upload(sender.url, makeImage({ rows: 8 }).file);
    await expect.poll(() => instancesOf(sender.url)).toEqual([]);
    expect(await instancesOf(receiver.url)).toEqual([stored.ID]);
    const [job] = await askJson<Record<string, unknown>[]>(sender.url, "GET /jobs?expand");
    expect(job).toMatchObject({ Type: "SequenceOfOperations", Content: { Description: "Lua", CountOperations: 2 } });
  });

  test("sends a study to a peer", async () => {
    const { sender, receiver } = await senderAndReceiver("function OnStableStudy(id) SendToPeer(id, 'peer') end", {
      StableAge: 1,
    });
    await uploadStudy(sender.url, { instances: 3 });
    await expect.poll(async () => (await instancesOf(receiver.url)).length, { timeout: 10_000 }).toBe(3);
  });

  test("what cannot be sent is not deleted", async () => {
    const { sender } = await senderAndReceiver(
      "function OnStoredInstance(id) Delete(SendToModality(id, 'nobody')) end",
    );
    const stored = await upload(sender.url, makeImage({ rows: 8 }).file);
    await expect
      .poll(async () => (await askJson<Record<string, unknown>[]>(sender.url, "GET /jobs?expand"))[0]?.["State"])
      .toBe("Failure");
    expect(await instancesOf(sender.url)).toEqual([stored.ID]);
  });

  test("modifies, sends the modified and deletes both, and is not called for ever", async () => {
    const { sender, receiver } = await senderAndReceiver(`
      function OnStoredInstance(id, tags, metadata, origin)
        print(origin['RequestOrigin'], metadata['Origin'], tags['PatientName'])
        if origin['RequestOrigin'] == 'Lua' then return end
        local modified = ModifyInstance(id, { PatientName = 'Anna' }, { 'StudyDescription' }, true)
        Delete(SendToModality(modified, 'receiver'))
        Delete(id)
      end`);
    await upload(sender.url, makeImage({ rows: 8 }).file);
    expect((await saidSoFar(sender, 2))[1]).toBe("Lua, Lua, Anna");
    await expect.poll(() => instancesOf(sender.url)).toEqual([]);
    const [received = ""] = await instancesOf(receiver.url);
    const tags = await askJson<Record<string, unknown>>(receiver.url, `GET /instances/${received}/simplified-tags`);
    expect(tags).toMatchObject({ PatientName: "Anna" });
    expect(tags).not.toHaveProperty("StudyDescription");
  });

  test("hands the file to a command", async () => {
    const folder = await folderForTest();
    const server = await serverWithScript(
      `function OnStoredInstance(id) CallSystem(id, 'sh', { '-c', 'cp "$1" "$0"', '${join(folder, "copy.dcm")}' }) end`,
    );
    const { file } = makeImage({ rows: 8 });
    await upload(server.url, file);
    await expect
      .poll(async () => (await askJson<Record<string, unknown>[]>(server.url, "GET /jobs?expand"))[0]?.["State"])
      .toBe("Success");
    expect(await printed(server.url, `print(#io.open('${join(folder, "copy.dcm")}', 'rb'):read('*a'))`)).toBe(
      `${file.length}\n`,
    );
  });

  test("is called for each instance, in the order in which they were stored, before the server stops", async () => {
    const server = await serverWithScript(`
      function OnStoredInstance(id) print(id) end
      function Finalize() print('Finalize') end`);
    const stored = await uploadStudy(server.url, { instances: 40 });
    await server.close();
    expect(said(server)).toEqual([...stored.map(({ ID }) => ID), "Finalize"]);
  });

  test("failing is logged and harms nothing", async () => {
    const server = await serverWithScript("function OnStoredInstance(id) print(id) error('broken') end");
    const [first, second] = await uploadStudy(server.url, { instances: 2 });
    expect(await saidSoFar(server, 2)).toEqual([first.ID, second?.ID]);
    await expect
      .poll(() => server.logged.filter((line) => line.includes("the Lua callback OnStoredInstance failed")))
      .toEqual(Array(2).fill(expect.stringMatching(/script\.lua:1: broken$/)));
  });

  test("may upload by itself, through the filter of the same script", async () => {
    const server = await serverWithScript(`
      function ReceivedInstanceFilter(tags, origin) print('filter', origin['RequestOrigin']) return true end
      function OnStoredInstance(id, tags, metadata, origin)
        if origin['RequestOrigin'] ~= 'Lua' then
          local modified = RestApiPost('/instances/' .. id .. '/modify', '{}')
          print('stored', ParseJson(RestApiPost('/instances', modified))['Status'])
        end
      end`);
    await upload(server.url, makeImage({ rows: 8 }).file);
    expect(await saidSoFar(server, 3)).toEqual(["filter, RestApi", "filter, Lua", "stored, Success"]);
  });
});

describe.skipIf(!hasTool("storescu"))("C-STORE", () => {
  test("answers the status that ReceivedCStoreInstanceFilter returns", async () => {
    const server = await serverWithScript(
      "function ReceivedCStoreInstanceFilter(tags, origin) print(origin['RemoteAet']) return status end status = 0xA900",
    );
    const file = join(await folderForTest(), "image.dcm");
    await writeFile(file, makeImage({ rows: 8 }).file);
    const send = () => run(toolPath("storescu") ?? "", ["-d", "127.0.0.1", String(server.dicomPort), file]);
    expect((await send().catch((error: { stderr: string }) => error)).stderr).toMatch(/DIMSE Status +: 0xa900/);
    expect(await instancesOf(server.url)).toEqual([]);
    await printed(server.url, "status = 0");
    expect((await send()).stderr).toMatch(/DIMSE Status +: 0x0000/);
    expect(await instancesOf(server.url)).toHaveLength(1);
    expect(said(server)).toEqual(["STORESCU", "STORESCU"]);
  });

  test("OutgoingCStoreInstanceFilter passes instances over", async () => {
    const { sender, receiver } = await senderAndReceiver(`
      function OutgoingCStoreInstanceFilter(tags, aet) print(aet) return tags['InstanceNumber'] ~= '2' end`);
    const stored = await uploadStudy(sender.url, { instances: 3 });
    await askJson(sender.url, "POST /modalities/receiver/store", { body: stored[0].ParentStudy });
    expect(await instancesOf(receiver.url)).toHaveLength(2);
    expect(said(sender)).toEqual(["RECEIVER", "RECEIVER", "RECEIVER"]);
  });
});

describe.skipIf(!hasTool("findscu"))("worklists", () => {
  test("IncomingWorklistRequestFilter changes the query", async () => {
    const folder = await folderForTest();
    const server = await serverWithScript(
      `function IncomingWorklistRequestFilter(query, origin)
        print(origin['RemoteAet'], query['0010,0010'], query['0040,0100'][1]['0008,0060'])
        query['0010,0010'] = ''
        return query
      end`,
      { Worklists: { Enable: true, Directory: folder }, DicomAlwaysAllowFindWorklist: true },
    );
    const item = {
      Tags: {
        PatientName: "Real",
        ScheduledProcedureStepSequence: [{ Modality: "MR", ScheduledProcedureStepStartDate: "20260101" }],
      },
    };
    await askJson(server.url, "POST /worklists/create", { body: item });
    const keys = ["-k", "0010,0010=Other", "-k", "(0040,0100)[0].Modality=MR"];
    const { stderr } = await run(toolPath("findscu") ?? "", [
      "-v",
      "-W",
      ...keys,
      "127.0.0.1",
      String(server.dicomPort),
    ]);
    expect(stderr).toContain("[Real]");
    expect(said(server)).toEqual(["FINDSCU, Other, MR"]);
  });
});

describe("functions", () => {
  test("keys and values are kept", async () => {
    const { url } = await serverForTest({ ExecuteLuaEnabled: true });
    const script = `
      StoreKeyValue('store', 'key', 'välue') print(GetKeyValue('store', 'key'))
      DeleteKeyValue('store', 'key') print(GetKeyValue('store', 'key'))`;
    expect(await printed(url, script)).toBe("välue\nnil\n");
  });

  test("SetStableStatus makes a study stable at once", async () => {
    const server = await serverWithScript("function OnStableStudy(id) print(id) end");
    const [{ ParentStudy }] = await uploadStudy(server.url);
    const script = `print(SetStableStatus('${ParentStudy}', true)) print(SetStableStatus('${ParentStudy}', true))`;
    expect(await printed(server.url, script)).toBe("true\nfalse\n");
    expect(await saidSoFar(server, 3)).toEqual(["true", "false", ParentStudy]);
    const again = `print(SetStableStatus('${ParentStudy}', false)) print(SetStableStatus('${ParentStudy}', false))`;
    expect(await printed(server.url, again)).toBe("true\nfalse\n");
    expect(await printed(server.url, `print(SetStableStatus('${ParentStudy}', true))`)).toBe("true\n");
  });

  test("ModifyResource gives the id of the new study", async () => {
    const { url } = await serverForTest({ ExecuteLuaEnabled: true });
    const [{ ParentStudy }] = await uploadStudy(url);
    const id = (
      await printed(url, `print(ModifyResource('${ParentStudy}', { StudyDescription = 'New' }, {}, false))`)
    ).trim();
    const study = await askJson<{ MainDicomTags: object }>(url, `GET /studies/${id}`);
    expect(study.MainDicomTags).toMatchObject({ StudyDescription: "New" });
  });

  test("headers go with requests to the REST API", async () => {
    const { url } = await serverForTest({ ExecuteLuaEnabled: true });
    const [{ ID }] = await uploadStudy(url);
    const asked = (headers: string) => `print(#RestApiGet('/instances/${ID}/preview', false, ${headers}))`;
    const png = await printed(url, asked("nil"));
    expect(await printed(url, asked("{ Accept = 'image/jpeg' }"))).not.toBe(png);
  });

  test("the options are those of the configuration, with defaults", async () => {
    const { url } = await serverForTest({ ExecuteLuaEnabled: true, DicomAet: "MINE" });
    expect(await printed(url, "local c = GetOrthancConfiguration() print(c['DicomAet'], c['StableAge'])")).toBe(
      "MINE, 60.0\n",
    );
  });

  test("other servers are asked, with credentials; their errors are empty", async () => {
    const other = createServer((request, response) => {
      response.statusCode = request.url === "/missing" ? 404 : 200;
      request.pipe(response.setHeader("x", "y"), { end: false });
      request.on("end", () => response.end(` ${request.method} ${request.headers["authorization"]}`));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const { url } = await serverForTest({ ExecuteLuaEnabled: true });
    const script = `
      print(HttpGet('${base}/x')) print(HttpPost('${base}/x', 'body')) print(HttpGet('${base}/missing') == '')
      SetHttpCredentials('u', 'p') SetHttpTimeout(5)
      print(HttpPut('${base}/x', 'body')) print(HttpDelete('${base}/x'), HttpDelete('${base}/missing'))`;
    expect(await printed(url, script)).toBe(
      ` GET undefined\nbody POST undefined\ntrue\nbody PUT Basic ${btoa("u:p")}\nSUCCESS, nil\n`,
    );
  });
});

test("Initialize and OnHeartBeat are called while the server runs", async () => {
  const server = await serverWithScript(
    "function Initialize() print('Initialize', RestApiGet('/tools/now') ~= nil) end function OnHeartBeat() print('beat') end",
    { LuaHeartBeatPeriod: 1 },
  );
  expect((await saidSoFar(server, 2)).slice(0, 2)).toEqual(["Initialize, true", "beat"]);
});

test("a script that cannot be loaded stops the start and is named", async () => {
  await expect(serverWithScript("print('x')\nerror('at load')")).rejects.toThrow(
    /LuaScripts: .*script\.lua: .*:2: at load/,
  );
  await expect(serverForTest({ LuaScripts: ["missing.lua"] })).rejects.toThrow("missing.lua");
});

test("a filter of HTTP requests hears the user and headers in lower case", async () => {
  const server = await serverWithScript(
    "function IncomingHttpRequestFilter(m, u, ip, name, headers) if name ~= '' then print(m, u, ip, name, headers['x-a']) end return u ~= '/statistics' end",
  );
  const headers = { authorization: `Basic ${btoa("bob:x")}`, "X-A": "b" };
  const denied = await ask(server.url, "GET /statistics?a=b", { headers });
  expect([denied.status, denied.text()]).toEqual([403, ""]);
  expect(said(server)).toEqual(["GET, /statistics, 127.0.0.1, bob, b"]);
});
