import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { configurationSection, loadConfiguration } from "./load.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "greyhaven-configuration-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, text: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** The loaded configuration of one file with this text. */
const load = (text: string, environment: Record<string, string> = {}) =>
  loadConfiguration([write("greyhaven.json", text)], environment);

/** The lines about what is wrong, without the folder. */
async function problems(loading: Promise<unknown>): Promise<readonly string[]> {
  const error = await loading.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toMatchObject({ name: "ServerError" });
  return String((error as { details?: string }).details)
    .replaceAll(`${folder}/`, "")
    .split("\n");
}

const warningsOf = async (text: string) =>
  (await load(text)).warnings.map((warning) => warning.replaceAll(`${folder}/`, ""));

describe("without files", () => {
  test("Orthanc's defaults hold", async () => {
    const { configuration, warnings, files } = await loadConfiguration([], {});
    expect(warnings).toEqual([]);
    expect(files).toEqual([]);
    expect(configuration).toMatchObject({
      Name: "MyOrthanc",
      HttpPort: 8042,
      DicomAet: "ORTHANC",
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      StorageDirectory: join(process.cwd(), "OrthancStorage"),
      DicomWeb: { Root: "/dicom-web/", PublicRoot: "/dicom-web/", Servers: {} },
      GoogleCloudPlatform: { BaseUrl: "https://healthcare.googleapis.com/v1beta1/", RefreshInterval: 60, Accounts: {} },
    });
  });

  test("the configuration is frozen at every depth", async () => {
    const { configuration } = await loadConfiguration([], {});
    expect(Object.isFrozen(configuration)).toBe(true);
    expect(Object.isFrozen(configuration.DicomWeb.Servers)).toBe(true);
    expect(Object.isFrozen(configuration.HttpBindAddresses)).toBe(true);
  });
});

describe("files", () => {
  test("comments, a byte order mark and a last comma are accepted", async () => {
    const { configuration, warnings } = await load(
      '\uFEFF// first\n{ /* "Name": "no", */ "Name": "yes", // "Name": "no"\n "HttpPort": 8043, }\n',
    );
    expect(configuration).toMatchObject({ Name: "yes", HttpPort: 8043 });
    expect(warnings).toEqual([]);
  });

  test("several files and folders are merged; only *.json of the folder itself is read", async () => {
    const first = write("a.json", '{"Name": "a"}');
    write("d/1.json", '{"HttpPort": 8043}');
    write("d/2.json", '{"DicomAet": "B"}');
    write("d/readme.txt", "not JSON");
    write("d/deep/3.json", '{"Name": "deep"}');
    const { configuration, files } = await loadConfiguration([first, join(folder, "d")], {});
    expect(configuration).toMatchObject({ Name: "a", HttpPort: 8043, DicomAet: "B" });
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual(["a.json", "d/1.json", "d/2.json"]);
  });

  test("the same key in two files is an error naming both", async () => {
    write("1.json", '{\n"Name": "a", "DicomWeb": {}}');
    write("2.json", '{"HttpPort": 1,\n\n"Name": "b"}');
    expect(await problems(loadConfiguration([folder], {}))).toEqual([
      "2.json:3: Name: already given at 1.json:2; keep it in one of the two files",
    ]);
  });

  test("the same key twice in one file is a warning, and the last one counts, as in Orthanc", async () => {
    const { configuration, warnings } = await load('{"Name": "a",\n"Name": "b"}');
    expect(configuration.Name).toBe("b");
    expect(warnings).toEqual([
      `${folder}/greyhaven.json:2: Name: already given at ${folder}/greyhaven.json:1, this one counts`,
    ]);
  });

  test("what cannot be parsed is named by file, line and column", async () => {
    expect(await problems(load('{\n  "Name": "a"\n  "HttpPort": 1 }'))).toEqual(["greyhaven.json:3:3: comma expected"]);
    expect(await problems(load("[]"))).toEqual(["greyhaven.json:1: expected an object"]);
    expect(await problems(load(""))).toHaveLength(1);
  });

  test("a file that is not there is named", async () => {
    const missing = join(folder, "missing.json");
    await expect(loadConfiguration([missing], {})).rejects.toMatchObject({
      errorName: "InexistentFile",
      details: `${missing}: there is no such configuration file or folder`,
    });
  });

  test("relative paths start from the folder of the file that has them", async () => {
    write("d/1.json", '{"StorageDirectory": "storage", "ServeFolders": {"/doc": "doc", "/abs": "/srv"}}');
    const top = write("top.json", '{"SslCertificate": "cert.pem", "HttpsCACertificates": ""}');
    const { configuration, folder: root } = await loadConfiguration([top, join(folder, "d")], {});
    expect(root).toBe(folder);
    expect(configuration).toMatchObject({
      StorageDirectory: join(folder, "d/storage"),
      IndexDirectory: join(folder, "d/storage"),
      SslCertificate: join(folder, "cert.pem"),
      HttpsCACertificates: "",
      ServeFolders: { Folders: { "/doc": join(folder, "d/doc"), "/abs": "/srv" } },
    });
  });
});

describe("variables", () => {
  test("are replaced in the text before it is parsed", async () => {
    const text = '{"Name": "${SITE:-nowhere}", "HttpPort": ${PORT:-8042}, "StableAge": ${AGE:-5}}';
    const { configuration } = await load(text, { SITE: "here", PORT: "8043" });
    expect(configuration).toMatchObject({ Name: "here", HttpPort: 8043, StableAge: 5 });
  });

  test("one that is not set and has no default is worth a warning", async () => {
    expect(await warningsOf('{"Name": "${GREYHAVEN_TEST_UNSET}"}')).toEqual([
      "greyhaven.json: the environment variable GREYHAVEN_TEST_UNSET is not set and has no default; nothing stands for it",
    ]);
  });

  test("override files; only there are quoted numbers and plain texts taken for what is expected", async () => {
    const { configuration } = await load('{"Name": "file", "HttpPort": 1}', {
      ORTHANC__NAME: "1234",
      ORTHANC__HTTP_PORT: '"8043"',
      ORTHANC__DICOM_WEB__SERVERS: '{"x": ["http://x/"]}',
      ORTHANC__HTTP_VERBOSE: "true",
    });
    expect(configuration).toMatchObject({ Name: "1234", HttpPort: 8043, HttpVerbose: true });
    expect(configuration.DicomWeb.Servers["x"]?.Url).toBe("http://x/");
    expect(await problems(load("{}", { ORTHANC__HTTP_PORT: "many" }))).toEqual([
      'environment variable ORTHANC__HTTP_PORT: HttpPort: expected a whole number from 0 to 65535, found "many"',
    ]);
  });
});

describe("validation", () => {
  test("tells all problems at once: file, line, key, expected, found", async () => {
    const text = `{
  "HttpPort": "8042",
  "StableAge": -1, "MaximumStorageMode": "recycle",
  "HttpBindAddresses": ["127.0.0.1", 5],
  "ExtraMainDicomTags": { "Studies": [] },
  "UserMetadata": { "mine": 12 },
  "DicomWeb": {
    "Enable": "yes",
    "Servers": { "a": {}, "b": "http://user:secret@host/", "c": ["u", "a", "b", "c"] }
  },
  "GoogleCloudPlatform": []
}`;
    expect(await problems(load(text))).toEqual([
      'greyhaven.json:2: HttpPort: expected a whole number from 0 to 65535, found "8042"',
      "greyhaven.json:3: StableAge: expected a whole number, 0 or more, found -1",
      'greyhaven.json:3: MaximumStorageMode: expected one of "Recycle", "Reject", found "recycle"',
      'greyhaven.json:4: HttpBindAddresses: expected an array of strings, found 5 under "1"',
      'greyhaven.json:5: ExtraMainDicomTags: expected an object with arrays of strings under "Patient", "Study", "Series", "Instance", found {"Studies":[]}',
      'greyhaven.json:6: UserMetadata: expected an object of whole numbers from 1024 to 65535, found 12 under "mine"',
      'greyhaven.json:8: DicomWeb.Enable: expected true or false, found "yes"',
      "greyhaven.json:9: DicomWeb.Servers.a.Url: expected a string, found nothing",
      "greyhaven.json:9: DicomWeb.Servers.b: expected an object or an array [Url, Username, Password]",
      "greyhaven.json:9: DicomWeb.Servers.c: expected an object or an array [Url, Username, Password]",
      "greyhaven.json:11: GoogleCloudPlatform: expected an object",
    ]);
  });

  test("never shows a secret", async () => {
    const text = `{"RegisteredUsers": {"alice": 12345}, "HttpProxy": ["user:pass@host"],
 "DicomWeb": {"Servers": {"a": {"Url": "u", "Password": 98765}, "b": ["u", "n", 98765]}}}`;
    expect(await problems(load(text))).toEqual([
      'greyhaven.json:1: RegisteredUsers: expected an object of strings, found a number (not shown) under "alice"',
      "greyhaven.json:1: HttpProxy: expected a string, found an array (not shown)",
      "greyhaven.json:2: DicomWeb.Servers.a.Password: expected a string, found a number (not shown)",
      "greyhaven.json:2: DicomWeb.Servers.b.Password: expected a string, found a number (not shown)",
    ]);
  });

  test("unknown keys are named with the nearest known one, within sections too", async () => {
    const text = `{
  "HtpPort": 8043,
  "DicomWeb": { "Rooot": "/x/", "Servers": { "a": { "Url": "u", "HasDelet": true, "Note": "kept" } } },
  "GoogleCloudPlatform": { "Accounts": { "a": { "DicomStores": "x" } } },
  "OrthancExplorer2": { "UiOptions": { "EnableUplaod": true } }
}`;
    expect(await warningsOf(text)).toEqual([
      'greyhaven.json:2: HtpPort: unknown option; did you mean "HttpPort"?',
      'greyhaven.json:3: DicomWeb.Rooot: unknown option; did you mean "Root"?',
      'greyhaven.json:3: DicomWeb.Servers.a.HasDelet: unknown option; did you mean "HasDelete"?',
      'greyhaven.json:4: GoogleCloudPlatform.Accounts.a.DicomStores: unknown option; did you mean "DicomStore"?',
      'greyhaven.json:5: OrthancExplorer2.UiOptions.EnableUplaod: unknown option; did you mean "EnableUpload"?',
    ]);
  });

  test("what is known but not implemented is told once, when it is not at its default", async () => {
    const text = `{
  "DicomPort": 4242, "DicomServerEnabled": true, "LuaScripts": [],
  "OrthancExplorer2": { "Enable": true, "Theme": "dark", "UiOptions": { "EnableUpload": false } }
}`;
    expect(await warningsOf(text)).toEqual([
      "greyhaven.json:3: OrthancExplorer2.Theme: not implemented yet, has no effect",
      "greyhaven.json:3: OrthancExplorer2.UiOptions: not implemented yet, has no effect",
    ]);
  });

  test("what has no effect on purpose is told with the reason, as information where nothing is missed", async () => {
    const { informations, warnings } = await load(`{
  "StorageLoaderThreadsCount": 4,
  "HttpThreadsCount": 5, "MallocArenaMax": "wrong",
  "OrthancPeers": { "a": { "Url": "http://a/", "Pkcs11": true } }
}`);
    expect(informations).toEqual([
      expect.stringContaining("greyhaven.json:3: HttpThreadsCount: has no effect: any number of requests"),
      expect.stringContaining("greyhaven.json:3: MallocArenaMax: has no effect: memory is managed"),
    ]);
    expect(warnings).toEqual([
      expect.stringContaining(
        "greyhaven.json:4: OrthancPeers.a.Pkcs11: has no effect: Node.js cannot use hardware tokens",
      ),
    ]);
  });
});

describe("forms", () => {
  test("DICOMweb servers: array or object, with properties of the user", async () => {
    const text = `{"DicomWeb": {"Servers": {
      "short": ["http://a/", "alice", "pass"],
      "long": {"Url": "http://b/", "HasDelete": "1", "ChunkedTransfers": false, "Site": "west", "Rank": 3}}}}`;
    const { configuration, warnings } = await load(text);
    expect(warnings).toEqual([]);
    expect(configuration.DicomWeb.Servers).toEqual({
      short: expect.objectContaining({ Url: "http://a/", Username: "alice", Password: "pass", HasDelete: false }),
      long: expect.objectContaining({
        Url: "http://b/",
        HasDelete: true,
        ChunkedTransfers: false,
        UserProperties: { Site: "west", Rank: "3" },
      }),
    });
  });

  test("ServeFolders: long form", async () => {
    const { configuration } = await load('{"ServeFolders": {"AllowCache": true, "Folders": {"/a": "a"}}}');
    expect(configuration.ServeFolders).toEqual({
      AllowCache: true,
      GenerateETag: true,
      Extensions: {},
      Folders: { "/a": join(folder, "a") },
    });
  });

  test.each([
    ["true", "Always"],
    ["false", "Never"],
    ['"IfChanged"', "IfChanged"],
  ])("OverwriteInstances %s is %s", async (written, mode) => {
    expect((await load(`{"OverwriteInstances": ${written}}`)).configuration.OverwriteInstances).toBe(mode);
  });
});

describe("plugins", () => {
  test("modules are to be loaded, and sections that may be theirs are kept without a word", async () => {
    const { configuration, pluginModules, warnings } = await load(
      '{"Plugins": ["./routing.ts"], "Routing": {"Rule": 1}, "Rule": 2}',
    );
    expect(pluginModules).toEqual([join(folder, "routing.ts")]);
    expect(configurationSection(configuration, "Routing")).toEqual({ Rule: 1 });
    expect(configurationSection(configuration, "DicomWeb")).toBe(configuration.DicomWeb);
    expect(configurationSection(configuration, "constructor")).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("Rule: unknown option")]);
  });

  test("without modules an unknown section is unknown", async () => {
    expect(await warningsOf('{"GoogleCloudPlatforms": {}}')).toEqual([
      'greyhaven.json:1: GoogleCloudPlatforms: unknown option; did you mean "GoogleCloudPlatform"?',
    ]);
  });
});

describe("access", () => {
  test("authentication follows remote access; without RegisteredUsers the start is refused with code 47", async () => {
    await expect(load('{"RemoteAccessAllowed": true}')).rejects.toMatchObject({ row: { code: 47 } });
  });

  test("users, even none, or no authentication: the start goes on", async () => {
    const users = await load('{"RemoteAccessAllowed": true, "RegisteredUsers": {"alice": "pass"}}');
    expect(users.configuration).toMatchObject({ AuthenticationEnabled: true, RegisteredUsers: { alice: "pass" } });
    expect(users.warnings).toEqual([]);
    const none = await load('{"RemoteAccessAllowed": true, "RegisteredUsers": {}}');
    expect(none.warnings).toEqual(["RegisteredUsers is empty: every HTTP request will be refused"]);
    const open = await load('{"RemoteAccessAllowed": true, "AuthenticationEnabled": false}');
    expect(open.warnings).toEqual([
      "Remote access is allowed without authentication: whoever reaches the HTTP port has full access",
    ]);
  });
});
