import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { createEvents, type Events } from "../archive/events.ts";
import type { IngestFilter } from "../archive/ingest.ts";
import { openSqliteCatalog } from "../catalog/sqlite/open-sqlite-catalog.ts";
import { loadConfiguration } from "../config/load.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { createLocalClient } from "../http/local-client.ts";
import { json } from "../http/reply.ts";
import type { ArchiveEvent } from "../plugin-api.ts";
import { createDicomWebServers } from "../remotes/dicomweb-registry.ts";
import { noLog } from "../util/log.ts";
import { createPluginHost, type PluginHost } from "./plugin-server.ts";

const routes = [{ method: "GET", path: "/name", tag: "", summary: "", handle: () => json("Greyhaven") }] as const;
const deleted: ArchiveEvent = { type: "Deleted", resource: { level: "Study", publicId: "a" } };
const unused = () => Promise.reject(new Error("not used"));
const refuse = () => false;

async function* noWorklists() {
  await Promise.resolve();
  yield* [];
  return undefined;
}

let events: Events;
let logged: string[];
let ingestFilters: IngestFilter[];
let host: PluginHost;

beforeEach(async () => {
  logged = [];
  ingestFilters = [];
  events = createEvents(noLog);
  const catalog = await openSqliteCatalog({
    file: ":memory:",
    extraMainDicomTags: { Patient: [], Study: [], Series: [], Instance: [] },
  });
  onTestFinished(() => catalog.close());
  host = createPluginHost({
    configuration: (await loadConfiguration([], {})).configuration,
    folder: "/configuration",
    http: { request: unused, close: unused },
    dicomWebServers: await createDicomWebServers({ configured: {} }),
    archive: { subscribe: (listener) => events.subscribe(listener) },
    ingestFilters,
    catalog,
    defaultCharset: () => SpecificCharacterSet.parse("ISO_IR 144"),
    log: { ...noLog, error: (message) => void logged.push(message) },
  });
});

describe("what plugins see of the server", () => {
  it("is the configuration and paths relative to it", () => {
    const { server } = host;
    expect([server.section("CaseSensitivePN"), server.section("Nothing")]).toEqual([false, undefined]);
    expect([server.resolvePath("a/b"), server.resolvePath("/a")]).toEqual(["/configuration/a/b", "/a"]);
  });

  it("is the REST API, once it is there", async () => {
    await expect(host.server.ask("GET", "/name")).rejects.toMatchObject({ errorName: "BadSequenceOfCalls" });
    host.connect(createLocalClient(routes));
    expect(await (await host.server.ask("GET", "/name")).json()).toBe("Greyhaven");
  });

  it("are the events, from when the REST API is there", () => {
    const heard: string[] = [];
    host.server.subscribe((event) => void heard.push(`early ${event.type}`));
    events.emit(deleted);
    host.connect(createLocalClient(routes));
    host.server.subscribe((event) => void heard.push(`late ${event.type}`));
    events.emit(deleted);
    expect(heard).toEqual(["early Deleted", "late Deleted"]);
  });

  it("are events whose listeners may fail, at once or later", async () => {
    const failed = Promise.withResolvers<void>();
    host.connect(createLocalClient(routes));
    host.server.subscribe(() => {
      throw new Error("at once");
    });
    host.server.subscribe(async () => {
      queueMicrotask(failed.resolve);
      await Promise.resolve();
      throw new Error("later");
    });
    events.emit(deleted);
    await failed.promise;
    await Promise.resolve();
    expect(logged).toEqual(Array(2).fill("a plugin failed at the event Deleted"));
  });

  it("are filters of what comes in", () => {
    host.server.registerIngestFilter(refuse);
    expect(ingestFilters).toEqual([refuse]);
  });

  it("is one place for worklists", () => {
    expect(host.worklists()).toBeUndefined();
    host.server.registerWorklists(noWorklists);
    expect(host.worklists()).toBe(noWorklists);
    expect(() => host.server.registerWorklists(noWorklists)).toThrow("another plugin answers worklist queries");
  });

  it("are stores of values, listed to their end", async () => {
    const values = host.server.keyValues("mine");
    const keys = Array.from({ length: 250 }, (_, at) => String(at).padStart(3, "0"));
    for (const key of keys) await values.set(key, `value ${key}`);
    await host.server.keyValues("others").set("300", "");
    expect(await Array.fromAsync(values.list(), ({ key }) => key)).toEqual(keys);
    expect([await values.get("007"), await values.delete("007"), await values.get("007")]).toEqual([
      "value 007",
      true,
      undefined,
    ]);
    expect(await Array.fromAsync(host.server.keyValues("none").list())).toEqual([]);
  });

  it("are DICOM files, read in the default encoding", () => {
    // (0010,0010) PN "Щ " in ISO_IR 144, without preamble, after an empty (0008,0050).
    const file = Buffer.from("080050005348000010001000504e0200c920", "hex");
    expect(host.server.parseDicom(file).dataset.text(0x00100010)).toBe("Щ");
  });
});
