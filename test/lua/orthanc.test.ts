/**
 * The same scripts run by Debian's Orthanc and by Greyhaven. Files with sequences within sequences are left out: Orthanc 1.10.1 crashes when it
 * makes tables of them.
 */
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasTool, toolPath } from "../debian-tool.ts";
import { startOrthanc } from "../differential/orthanc-process.ts";
import { freePort } from "../free-port.ts";
import { startTestServer } from "../greyhaven.ts";
import { ask } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { corpusFile, execute } from "./scripts.ts";

const data = sharedData();
const run = promisify(execFile);

interface Peer {
  readonly url: string;
  readonly dicomPort: number;
  /** Lines that callbacks wrote: their name and arguments. */
  readonly heard: string;
  stop(): Promise<void>;
}

/** Writes down each call; `path`: where. */
const recorder = (path: string): string => `
local function hear(name, ...)
  local file = io.open('${path}', 'a')
  file:write(DumpJson({ name, ... }, true) .. '\\n')
  file:close()
end

function Initialize() hear('Initialize') end

function ReceivedInstanceFilter(tags, origin, info)
  hear('ReceivedInstanceFilter', tags, origin, info)
  if tags['PatientID'] == 'SCSGREEK' then error('no Greek') end
  if tags['PatientID'] == 'SCSFREN' then return 'yes' end
  return tags['PatientID'] ~= 'SCSARAB'
end

function IncomingHttpRequestFilter(method, uri, ip, username, headers)
  if uri == '/patients' then hear('IncomingHttpRequestFilter', method, uri, ip, username, headers['x-test']) end
  if uri == '/tools/now' then error('broken') end
  if uri == '/tools/now-local' then return nil end
  return uri ~= '/patients'
end

function IncomingFindRequestFilter(query, origin)
  hear('IncomingFindRequestFilter', query, origin)
  if query['0010,0010'] == 'Wrong*' then return 5 end
  if query['0010,0010'] == 'Error*' then error('no query') end
  query['0010,0010'] = '*'
  return query
end

function OutgoingFindRequestFilter(query, modality)
  hear('OutgoingFindRequestFilter', query, modality)
  return query
end

for _, name in ipairs({ 'OnStoredInstance', 'OnStablePatient', 'OnStableStudy', 'OnStableSeries', 'OnDeletedPatient',
  'OnDeletedStudy', 'OnDeletedSeries', 'OnDeletedInstance', 'OnUpdatedInstance', 'OnUpdatedStudy' }) do
  _G[name] = function(...) hear(name, ...) end
end
function OnJobSubmitted(id) hear('OnJobSubmitted', #id) end
function OnJobSuccess(id) hear('OnJobSuccess', #id) end
function OnJobFailure(id) hear('OnJobFailure', #id) end
`;

const common = { ExecuteLuaEnabled: true, StableAge: 1, DicomAlwaysAllowFind: true, DicomCheckCalledAet: false };

async function peer(
  start: (configuration: object) => Promise<{ url: string; stop: () => Promise<void> }>,
  folder: string,
): Promise<Peer> {
  const heard = join(folder, "heard.txt");
  const script = join(folder, "recorder.lua");
  await writeFile(heard, "");
  await writeFile(script, recorder(heard));
  const dicomPort = await freePort();
  const DicomModalities = { itself: ["ORTHANC", "127.0.0.1", dicomPort], nobody: ["NOBODY", "127.0.0.1", 1] };
  const started = await start({ ...common, DicomPort: dicomPort, DicomModalities, LuaScripts: [script] });
  return { ...started, dicomPort, heard };
}

const startGreyhaven = async (configuration: object) => {
  const server = await startTestServer(configuration);
  return { url: server.url, stop: () => server.close() };
};

/** What is new since Orthanc 1.10.1, metadata and main DICOM tags, and what Greyhaven has only when there is a name. */
const leftOut = [
  "MainDicomTagsSignature",
  "MainDicomSequences",
  "PixelDataVR",
  "TimezoneOffsetFromUTC",
  "HttpUsername",
];
/** Times, and where Orthanc's own group 0002 ends. */
const typesOnly = ["LastUpdate", "ReceptionDate", "PixelDataOffset"];

/** The arguments of all calls of a callback, in order; what cannot be the same is taken out. */
async function calls({ heard }: Peer, callback: string): Promise<readonly unknown[]> {
  const lines = (await readFile(heard, "utf8")).split("\n").filter((line) => line !== "");
  return lines
    .map((line): unknown => JSON.parse(line, (key, value: unknown) => shared(key, value)))
    .filter((call) => Array.isArray(call) && call[0] === callback);
}

function shared(key: string, value: unknown): unknown {
  if (leftOut.includes(key)) return undefined;
  return typesOnly.includes(key) ? typeof value : value;
}

describe.skipIf(data === undefined || !hasTool("Orthanc") || !hasTool("storescu"))("Orthanc and Greyhaven", () => {
  const peers: Peer[] = [];
  const folders: string[] = [];

  const both = async <T>(act: (peer: Peer) => Promise<T>): Promise<readonly T[]> => {
    const results: T[] = [];
    for (const each of peers) results.push(await act(each));
    return results;
  };
  const expectSame = async <T>(act: (peer: Peer) => Promise<T>): Promise<T | undefined> => {
    const [orthanc, greyhaven] = await both(act);
    expect(greyhaven).toEqual(orthanc);
    return orthanc;
  };
  const heardAlike = async (callback: string, count: number): Promise<void> => {
    await both((each) => expect.poll(() => calls(each, callback), { timeout: 15_000 }).toHaveLength(count));
    await expectSame((each) => calls(each, callback));
  };

  beforeAll(async () => {
    folders.push(await temporaryFolder(), await temporaryFolder());
    const [first = "", second = ""] = folders;
    peers.push(await peer(startOrthanc, first));
    peers.push(await peer(startGreyhaven, second));
  }, 60_000);
  afterAll(async () => {
    await both((each) => each.stop());
    for (const folder of folders) await rm(folder, { recursive: true });
  });

  const upload = (file: string) =>
    expectSame(async ({ url }) => {
      const answer = await ask(url, "POST /instances", { body: await corpusFile(data ?? "", file) });
      const { Status, Details, OrthancStatus } = answer.json() as Record<string, unknown>;
      return [
        answer.status,
        Status,
        typeof Details === "string" ? Details.replace(/^.*:\d+: /, "") : "",
        OrthancStatus,
      ];
    });

  test("Initialize is called at the start", () => heardAlike("Initialize", 1));

  test("filters of instances decide, and fail alike", async () => {
    expect(await upload("charsets/chrGerm.dcm")).toEqual([200, "Success", "", undefined]);
    expect(await upload("charsets/chrArab.dcm")).toEqual([200, "FilteredOut", "", undefined]);
    expect(await upload("charsets/chrGreek.dcm")).toEqual([500, undefined, "no Greek", 2031]);
    const notPredicate = await both(async ({ url }) => {
      const answer = await ask(url, "POST /instances", { body: await corpusFile(data ?? "", "charsets/chrFren.dcm") });
      return [answer.status, (answer.json() as Record<string, unknown>)["OrthancStatus"]];
    });
    expect(notPredicate).toEqual([
      [500, 2034],
      [500, 2034],
    ]);
    await both(({ dicomPort }) =>
      run(toolPath("storescu") ?? "", [
        "-aet",
        "SENDER",
        "127.0.0.1",
        String(dicomPort),
        join(data ?? "", "charsets/chrHbrw.dcm"),
      ]),
    );
    await heardAlike("ReceivedInstanceFilter", 5);
    await heardAlike("OnStoredInstance", 2);
  });

  test("filters of HTTP requests decide, and fail alike", async () => {
    await expectSame(async ({ url }) => {
      const headers = { "X-Test": "value", Authorization: `Basic ${btoa("bob:secret")}` };
      const answers = [await ask(url, "GET /patients?expand", { headers })];
      for (const path of ["/tools/now", "/tools/now-local", "/tools/generate-uid?level=study"]) {
        answers.push(await ask(url, `GET ${path}`));
      }
      return answers.map(({ status }) => status);
    });
    await heardAlike("IncomingHttpRequestFilter", 1);
  });

  test("queries are changed by filters, and fail alike", async () => {
    const found = await expectSame(async ({ url }) => {
      const counts: unknown[] = [];
      for (const name of ["Nobody*", "Wrong*", "Error*"]) {
        const query = { Level: "Study", Query: { PatientName: name, StudyInstanceUID: "" } };
        const answer = await ask(url, "POST /modalities/itself/query", { body: query });
        const path = (answer.json() as { Path?: string }).Path;
        const answers = path === undefined ? undefined : await ask(url, `GET ${path}/answers`);
        counts.push([answer.status, answers?.json()]);
      }
      return counts;
    });
    expect(found).toEqual([
      [200, ["0", "1"]],
      [422, undefined],
      [422, undefined],
    ]);
    await heardAlike("OutgoingFindRequestFilter", 3);
    await heardAlike("IncomingFindRequestFilter", 3);
  });

  test("resources become stable, are updated, and deleted", async () => {
    for (const level of ["Series", "Study", "Patient"]) await heardAlike(`OnStable${level}`, 2);
    const instances = await expectSame(async ({ url }) => {
      const answer = await ask(url, "GET /instances");
      return (answer.json() as string[]).toSorted((a, b) => (a < b ? -1 : 1));
    });
    const [first = ""] = instances ?? [];
    await both(({ url }) => ask(url, `PUT /instances/${first}/metadata/1024`, { body: "text" }));
    await heardAlike("OnUpdatedInstance", 1);
    await both(({ url }) => ask(url, `DELETE /instances/${first}`));
    for (const level of ["Instance", "Series", "Study", "Patient"]) await heardAlike(`OnDeleted${level}`, 1);
    const order = await expectSame(async ({ heard }) => {
      const lines = (await readFile(heard, "utf8")).split("\n").map((line) => /^\["(OnDeleted\w+)/.exec(line)?.[1]);
      return lines.filter((name) => name !== undefined);
    });
    expect(order).toHaveLength(4);
  });

  test.each(["objects/pet/GH610.dcm", "private/01_AA_00001.dcm", "charsets/chrH31.dcm"])(
    "the tags of %s are told alike",
    async (file) => {
      const [before = 0] = await both(async (each) => (await calls(each, "OnStoredInstance")).length);
      expect(await upload(file)).toEqual([200, "Success", "", undefined]);
      await both((each) =>
        expect.poll(() => calls(each, "OnStoredInstance"), { timeout: 15_000 }).toHaveLength(before + 1),
      );
      for (const callback of ["ReceivedInstanceFilter", "OnStoredInstance"]) {
        await expectSame(async (each) => (await calls(each, callback)).at(-1));
      }
    },
  );

  test("jobs are told", async () => {
    await both(async ({ url }) => {
      const [instance = ""] = (await ask(url, "GET /instances")).json() as string[];
      await ask(url, "POST /modalities/nobody/store", { body: instance });
      await ask(url, "POST /modalities/itself/store", { body: instance });
    });
    await heardAlike("OnJobSubmitted", 2);
    await heardAlike("OnJobFailure", 1);
    await heardAlike("OnJobSuccess", 1);
  });

  test.each([
    "print('a', 1, 2.5, nil, true) print()",
    "print(DumpJson({a=1,b={1,2,3},c='x',d=true,e={},f=1.5,[1]='q'}))",
    "print(DumpJson({1,2,{x=1}}, true), DumpJson({[2]='a',[3]='b'}), DumpJson({1,nil,3}), DumpJson({[1.5]=2}))",
    "print(DumpJson({a='5', b='x', c='1e3', d='0x10', e=' 7 ', f=''}), DumpJson('str'), DumpJson(nil), DumpJson(print))",
    "print(DumpJson({a='é\"/\\\\ \\t\\1 ', ['ü'] = '\\xff'}))",
    'print(DumpJson(ParseJson(\'{"a":[],"b":null,"c":[1,null,2.5,true,"x"]}\')), ParseJson(\'bad\'), ParseJson(\'[7]\')[1])',
    "PrintRecursive({ { 'x' } }) PrintRecursive('z') PrintRecursive(nil)",
    "error('boo')",
    "local function f() error('deep') end\nf()",
    "error('x', 0)",
    "x = = 1",
    "nothere.x = 1",
    "print(RestApiGet('/nope'), RestApiGet('/instances/xx'), RestApiGet(), RestApiDelete('/instances/xx'))",
    "print(RestApiPut('/modalities/new', DumpJson({'A','localhost',104}, true)) == '', RestApiDelete('/modalities/new'))",
    "print(#RestApiGet('/tools/now'), #RestApiGet('/tools/now', true), #RestApiGet('/tools/now', false, { a = 'b' }))",
    "print(RestApiPost('/tools/find', '{bad'), select('#', RestApiGet('/nope')))",
    "print(HttpGet('http://127.0.0.1:1/'), HttpPost('http://127.0.0.1:1/', 'x'), HttpGet())",
    "print(pcall(error, 'x')) print(7 // 2, 1 << 3, 3 | 4, 10 / 2, math.pow(2, 3), bit32.band(12, 10), bit32.bxor(1, 3))",
    "print(bit32.lshift(1, 31), bit32.rshift(256, 4), bit32.bnot(0), bit32.extract(0xff00, 8, 4), math.ldexp(1, 4))",
    "local p = os.tmpname() local f = io.open(p, 'wb') f:write('a\\n', 5, '\\nlast') f:close() local n = 0 for l in io.lines(p) do print(l) end f = io.open(p) print(f:read('*l', '*n', '*a')) print(f:seek('set', 1), f:read(3), f:seek('end')) f:close() print(os.remove(p), io.open(p))",
    "print(os.execute('exit 3')) print(os.execute('true')) print(io.popen('echo hi'):read('*a')) print(os.getenv('NO_SUCH'))",
  ])("%s", async (script) => {
    await expectSame(async ({ url }) => {
      const answer = await execute(url, script);
      if (answer.status === 200) return answer.text().replace(/\/tmp\/[-\w]+/g, "/tmp/…");
      const { Details, OrthancStatus } = answer.json() as Record<string, unknown>;
      return [answer.status, OrthancStatus, Details];
    });
  });
});
