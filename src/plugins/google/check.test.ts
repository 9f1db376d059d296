import { afterEach, expect, it } from "vitest";
import { networkError } from "./test/scripted-http.ts";
import type { Answer, Script } from "./test/scripted-http.ts";
import { bodyText, closeStages, google, stage, store, strings } from "./test/stage.ts";

afterEach(closeStages);

interface Checked {
  readonly Ok: boolean;
  readonly FailedLayer: string | null;
  readonly Layers: readonly { Layer: string; Ok: boolean | null; Detail: string; Remedy?: string }[];
}

const marks = new Map<boolean | null, string>([
  [true, "+"],
  [false, "!"],
  [null, "-"],
]);

async function check(options: object, script: Script): Promise<Checked & { marks: string }> {
  const sea = await stage({ Accounts: { sea: { ...store, ...options } } }, script);
  const text = bodyText(await sea.call("POST", "/gcp/accounts/sea/check"));
  expect(text + sea.lines.join("\n")).not.toContain("SECRET");
  const checked: Checked = JSON.parse(text);
  return { ...checked, marks: checked.Layers.map(({ Ok }) => marks.get(Ok)).join("") };
}

/** Google, but the store answers so. */
function storeAnswers(answer: Answer | (() => never)): Script {
  return (request, headers) => {
    if (request.method === "POST") {
      return google(request, headers);
    }
    return typeof answer === "function" ? answer() : answer;
  };
}

function refused(status: number, message: string): Answer {
  return { status, body: { error: { code: status, message, status: "…" } } };
}

function breaks(layer: string): () => never {
  return () => {
    throw networkError(layer, `broken at ${layer}`);
  };
}

/** Google, with that time in its answers. */
function googleAt(date: string): Script {
  return async (request, headers) => ({ ...(await google(request, headers)), headers: { date } });
}

it("goes from the file to the store", async () => {
  const { Layers, ...checked } = await check(
    { ServiceAccountFile: "dicom-harbour.json" },
    googleAt("Sun, 22 Nov 2026 12:00:00 GMT"),
  );
  expect(checked).toMatchObject({ Name: "sea", Ok: true, FailedLayer: null, marks: "+++++++++" });
  expect(Layers.map(({ Layer }) => Layer)).toEqual([
    "file",
    "key",
    "clock",
    "dns",
    "connection",
    "tls",
    "token",
    "permission",
    "store",
  ]);
});

it("tells of a wrong clock, though all goes well", async () => {
  const { Ok, Layers } = await check(strings, googleAt("Sun, 22 Nov 2026 13:00:00 GMT"));
  expect(Ok).toBe(true);
  expect(Layers[2]).toMatchObject({ Ok: true, Detail: "Google's is 3600 s ahead" });
});

it.each<[string, object, Script, string]>([
  ["file", { ServiceAccountFile: "absent.json" }, google, "!--------"],
  ["dns", strings, breaks("dns"), "++-!-----"],
  ["connection", strings, breaks("tcp"), "++-+!----"],
  ["tls", strings, breaks("tls"), "++-++!---"],
  ["token", strings, () => ({ status: 400, body: { error: "invalid_grant" } }), "++-+++!--"],
  ["key", strings, () => ({ status: 401, body: { error: "invalid_client" } }), "+!-------"],
  ["dns", strings, storeAnswers(breaks("dns")), "++-!+++--"],
  ["tls", strings, storeAnswers(breaks("tls")), "++-++!+--"],
  ["token", strings, storeAnswers(refused(401, "Request had invalid authentication credentials.")), "++-+++!--"],
  ["permission", strings, storeAnswers(refused(403, "Permission denied")), "++-++++!-"],
  ["store", strings, storeAnswers(refused(404, "Not found")), "++-+++++!"],
  ["store", strings, storeAnswers({ status: 503, body: "<html>" }), "++-+++++!"],
])("names layer %s", async (layer, options, script, marks) => {
  const checked = await check(options, script);
  expect(checked).toMatchObject({ Ok: false, FailedLayer: layer, marks });
  expect(checked.Layers.find(({ Ok }) => Ok === false)).toMatchObject({ Layer: layer, Remedy: expect.any(String) });
});

it.each([
  ["Request had insufficient authentication scopes.", "scope"],
  ["Cloud Healthcare API has not been used in project 5 before or it is disabled.", "enable"],
  ["Caller does not have required permission to use project x (serviceusage.services.use).", "Service Usage Consumer"],
  ["Permission healthcare.dicomStores.dicomWebRead denied", "Healthcare DICOM Editor"],
])("tells 403s apart: %s", async (message, remedy) => {
  const { Layers } = await check(strings, storeAnswers({ status: 403, body: [refused(403, message).body ?? ""] }));
  expect(Layers[7]).toMatchObject({
    Detail: `healthcare.googleapis.com answered 403: ${message}`,
    Remedy: expect.stringContaining(remedy),
  });
});
