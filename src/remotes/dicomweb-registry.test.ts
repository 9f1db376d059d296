import { describe, expect, it } from "vitest";
import { createDicomWebServers } from "./dicomweb-registry.ts";
import { parseDicomWebServer, publicDicomWebServer } from "./dicomweb-server-definition.ts";

function fakeDatabase(): {
  readonly values: Map<string, string>;
  property(name: string): Promise<string | undefined>;
  setProperty(name: string, value: string | undefined): Promise<void>;
} {
  const values = new Map<string, string>();
  return {
    values,
    property: async (name) => values.get(name),
    setProperty: async (name, value) => {
      if (value === undefined) values.delete(name);
      else values.set(name, value);
    },
  };
}

describe("parseDicomWebServer", () => {
  it("reads the short forms", () => {
    expect(parseDicomWebServer("a", ["http://host/dicom-web"])).toMatchObject({
      url: "http://host/dicom-web/",
      hasDelete: false,
      chunkedTransfers: true,
      hasWadoRsUniversalTransferSyntax: true,
      timeout: 0,
    });
    expect(parseDicomWebServer("a", ["http://host/", "alice", "secret"])).toMatchObject({
      username: "alice",
      password: "secret",
    });
  });

  it("reads booleans in all of Orthanc's spellings, and keeps other keys", () => {
    const server = parseDicomWebServer("a", {
      Url: "https://host/",
      HasDelete: "1",
      ChunkedTransfers: "false",
      HasWadoRsUniversalTransferSyntax: 0,
      Site: "north",
      Floor: 2,
    });
    expect(server).toMatchObject({
      hasDelete: true,
      chunkedTransfers: false,
      hasWadoRsUniversalTransferSyntax: false,
      userProperties: { Site: "north", Floor: "2" },
    });
  });

  it.each([
    [{}, "Url"],
    [{ Url: "ftp://host/" }, "Url"],
    [{ Url: "http://host/", Timeout: -1 }, "Timeout"],
    [{ Url: "http://host/", HttpHeaders: ["x"] }, "HttpHeaders"],
    [["http://host/", "alice"], "expected [url]"],
    ["http://host/", "pacs"],
  ])("refuses %j naming the key", (definition, word) => {
    expect(() => parseDicomWebServer("pacs", definition)).toThrow(word);
  });
});

describe("publicDicomWebServer", () => {
  it("shows no secret", () => {
    const server = parseDicomWebServer("a", {
      Url: "https://host/",
      Username: "alice",
      Password: "pass-secret",
      HttpHeaders: { Authorization: "Bearer header-secret" },
      CertificateFile: "cert.pem",
      CertificateKeyFile: "key.pem",
      CertificateKeyPassword: "key-secret",
    });
    const shown = publicDicomWebServer(server);
    expect(shown).toMatchObject({
      Url: "https://host/",
      Username: "alice",
      Password: null,
      HttpHeaders: ["Authorization"],
    });
    expect(JSON.stringify(shown)).not.toContain("secret");
  });
});

describe("createDicomWebServers", () => {
  const configured = { b: ["http://b/"], a: { Url: "http://a/", HasDelete: true } };

  it("knows the configured servers, by name", async () => {
    const servers = await createDicomWebServers({ configured });
    expect(servers.names()).toEqual(["a", "b"]);
    expect(servers.get("a")?.hasDelete).toBe(true);
    expect(servers.get("c")).toBeUndefined();
    expect(await servers.delete("b")).toBe(true);
    expect(await servers.delete("b")).toBe(false);
    expect(servers.names()).toEqual(["a"]);
  });

  it("keeps them in the database, which then goes before the configuration", async () => {
    const database = fakeDatabase();
    const first = await createDicomWebServers({ configured, database });
    await first.put("c", parseDicomWebServer("c", ["http://c/", "alice", "secret"]));
    await first.delete("b");
    const second = await createDicomWebServers({ configured, database });
    expect(second.names()).toEqual(["a", "c"]);
    expect(second.get("c")).toEqual(first.get("c"));
  });

  it("never keeps a server with credentials", async () => {
    const database = fakeDatabase();
    const servers = await createDicomWebServers({ configured: {}, database });
    const credentials = { headers: async () => ({ authorization: "Bearer token" }) };
    await servers.put("google", { ...parseDicomWebServer("google", ["https://google/"]), credentials });
    expect(servers.names()).toEqual(["google"]);
    expect([...database.values.values()].join()).not.toContain("google");
  });
});
