import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../../../test/archive/fake-clock.ts";
import { callRoute } from "../../../test/call-route.ts";
import { memoryKeyValues } from "../../../test/key-values.ts";
import { pluginServerForTest } from "../../../test/plugin-server.ts";
import { createLocalClient } from "../../http/local-client.ts";
import { emptyObject, json } from "../../http/reply.ts";
import { readJson, type HttpRequest, type Reply, type RunningPlugin, ServerError } from "../../plugin-api.ts";
import { housekeeperPlugin } from "./plugin.ts";
import { isEnabled } from "./settings.ts";

const minute = 60_000;

/** A server with three studies, which notes what it is asked to do. */
interface FakeServer {
  sections: Record<string, unknown>;
  system: Record<string, unknown>;
  studies: string[];
  /** `path body` of each POST, in order. */
  posts: string[];
  failing: Set<string>;
}

let clock: FakeClock;
let fake: FakeServer;
let store: ReturnType<typeof memoryKeyValues>;
let running: RunningPlugin[];

beforeEach(() => {
  clock = createFakeClock();
  store = memoryKeyValues();
  running = [];
  fake = {
    sections: {
      Housekeeper: { Enable: true, ThrottleDelay: 5 },
      DicomWeb: { Enable: true, EnableMetadataCache: false },
    },
    system: { StorageCompression: false, IngestTranscoding: "", MainDicomTags: { Study: "0020,000d" } },
    studies: ["c", "a", "b"],
    posts: [],
    failing: new Set(),
  };
});
afterEach(async () => {
  for (const plugin of running) await plugin.close?.();
});

function housekeeper(section: object): void {
  fake.sections = { ...fake.sections, Housekeeper: { Enable: true, ThrottleDelay: 5, ...section } };
}

async function noted(request: HttpRequest): Promise<Reply> {
  const body = await readJson(request, { empty: null });
  fake.posts.push(body === null ? request.path : `${request.path} ${JSON.stringify(body)}`);
  if (fake.failing.has(request.path)) throw new ServerError("CorruptedFile", request.path);
  return emptyObject();
}

const enabled = (sections: Record<string, unknown>) => isEnabled({ section: (name) => sections[name] });

const row = { tag: "", summary: "" };
const ask = createLocalClient([
  { ...row, method: "GET", path: "/system", handle: () => json(fake.system) },
  { ...row, method: "GET", path: "/plugins/dicom-web", handle: () => json({ Version: "1.0" }) },
  { ...row, method: "GET", path: "/studies", handle: () => json(fake.studies) },
  {
    ...row,
    method: "GET",
    path: "/studies/{id}",
    handle: ({ parameters: { id = "" } }) => json({ ParentPatient: `${id}-patient`, Series: [`${id}-1`, `${id}-2`] }),
  },
  {
    ...row,
    method: "GET",
    path: "/series/{id}",
    handle: ({ parameters: { id = "" } }) => json({ Instances: [`${id}-x`] }),
  },
  ...["/patients/{id}", "/studies/{id}", "/series/{id}", "/instances/{id}"].map(
    (path) => ({ ...row, method: "POST", path: `${path}/reconstruct`, handle: noted }) as const,
  ),
  { ...row, method: "POST", path: "/studies/{id}/update-dicomweb-cache", handle: noted },
]);

async function start(): Promise<RunningPlugin> {
  const server = pluginServerForTest({ ask, section: (name) => fake.sections[name], keyValues: () => store });
  const plugin = await housekeeperPlugin(clock).start(server);
  running.push(plugin);
  return plugin;
}

/** Lets as much time pass as everything takes; what waits for promises goes on in between. */
async function passMinutes(minutes: number): Promise<void> {
  for (let second = 0; second < minutes * 60; second++) {
    await clock.pass(1000);
    await setImmediate();
  }
}

const status = async (plugin: RunningPlugin, path = "/plugins/housekeeper/status") =>
  (await callRoute(plugin.routes ?? [], `GET ${path}`)).json();

describe("the housekeeper", () => {
  it("does nothing where nothing was changed", async () => {
    const plugin = await start();
    await passMinutes(1);
    expect(fake.posts).toEqual([]);
    expect(await status(plugin)).toMatchObject({ LastTimeStarted: "", CurrentlyProcessedConfiguration: null });
  });

  it("stores files anew when StorageCompression or IngestTranscoding was changed, once", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    const plugin = await start();
    await passMinutes(1);
    const all = ["a", "b", "c"].map((study) => `/studies/${study}/reconstruct {"ReconstructFiles":true}`);
    expect(fake.posts).toEqual(all);
    expect(await status(plugin, "/housekeeper/status")).toMatchObject({
      LastProcessedConfiguration: { StorageCompressionEnabled: true, IngestTranscoding: "" },
      CurrentlyProcessedConfiguration: null,
      StudiesProcessed: 3,
      StudiesToProcess: 3,
      LastTimeStarted: "20261123T120002",
    });
    await plugin.close?.();
    await start();
    await passMinutes(1);
    expect(fake.posts).toEqual(all);

    fake.system = { ...fake.system, IngestTranscoding: "1.2.840.10008.1.2.4.80" };
    await start();
    await passMinutes(1);
    expect(fake.posts).toEqual([...all, ...all]);
  });

  it("reads tags again when ExtraMainDicomTags were changed, as far as the level is limited", async () => {
    const tags = { Study: ["PatientComments"] };
    fake.sections = { ...fake.sections, ExtraMainDicomTags: tags };
    fake.studies = ["a"];
    await start();
    await passMinutes(1);
    expect(fake.posts.splice(0)).toEqual(["/studies/a/reconstruct"]);
    const limited = ' {"LimitToThisLevelMainDicomTags":true}';
    const expected = {
      Patient: ["/patients/a-patient/reconstruct"],
      Study: ["/studies/a/reconstruct"],
      Series: ["/series/a-1/reconstruct", "/series/a-2/reconstruct"],
      Instance: ["/instances/a-1-x/reconstruct", "/instances/a-2-x/reconstruct"],
    };
    for (const [level, posts] of Object.entries(expected)) {
      store = memoryKeyValues();
      housekeeper({ LimitMainDicomTagsReconstructLevel: level });
      await start();
      await passMinutes(1);
      expect(fake.posts.splice(0)).toEqual(posts.map((post) => post + limited));
    }
  });

  it("makes kept metadata anew when another version makes them", async () => {
    fake.sections = { ...fake.sections, DicomWeb: { Enable: true, EnableMetadataCache: true } };
    fake.studies = ["a"];
    await start();
    await passMinutes(1);
    expect(fake.posts).toEqual(["/studies/a/update-dicomweb-cache"]);
  });

  it("heeds the triggers, and remembers what they left out", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    fake.studies = ["a"];
    housekeeper({ Triggers: { StorageCompressionChange: false } });
    const plugin = await start();
    await passMinutes(1);
    expect(fake.posts).toEqual([]);
    await plugin.close?.();
    housekeeper({});
    await start();
    await passMinutes(1);
    expect(fake.posts).toEqual(['/studies/a/reconstruct {"ReconstructFiles":true}']);
  });

  it("goes through everything when it is forced to", async () => {
    fake.studies = ["a"];
    housekeeper({ Force: true });
    await start();
    await passMinutes(1);
    housekeeper({ Force: true, ForceReconstructFiles: true });
    await start();
    await passMinutes(1);
    expect(fake.posts).toEqual(["/studies/a/reconstruct", '/studies/a/reconstruct {"ReconstructFiles":true}']);
  });

  it("waits between studies, and goes on after a restart where it was", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    const first = await start();
    await clock.pass(2000);
    await setImmediate();
    await clock.pass(4999);
    expect(fake.posts).toHaveLength(1);
    await clock.pass(1);
    await setImmediate();
    expect(fake.posts).toHaveLength(2);
    await first.close?.();
    expect(clock.timers()).toBe(0);

    const second = await start();
    expect(await status(second)).toMatchObject({ LastProcessedStudy: "b", StudiesProcessed: 2, StudiesToProcess: 3 });
    await passMinutes(1);
    expect(fake.posts.map((post) => post.slice(0, 10))).toEqual(["/studies/a", "/studies/b", "/studies/c"]);
  });

  it("begins again when the configuration was changed back half-way", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    const first = await start();
    await clock.pass(2000);
    await setImmediate();
    await first.close?.();
    fake.system = { ...fake.system, StorageCompression: false };
    const second = await start();
    await passMinutes(1);
    expect(fake.posts.map((post) => post.slice(0, 10))).toEqual(["a", "a", "b", "c"].map((id) => `/studies/${id}`));
    expect(await status(second)).toMatchObject({ LastProcessedConfiguration: { StorageCompressionEnabled: false } });
  });

  it("works in the hours of its schedule only", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    const now = new Date(clock.now());
    const day = now.toLocaleDateString("en-US", { weekday: "long" });
    housekeeper({ Schedule: { [day]: [`${now.getHours() + 1}-${now.getHours() + 2}`] } });
    await start();
    await clock.pass(59 * minute);
    await setImmediate();
    expect(fake.posts).toEqual([]);
    await clock.pass(minute);
    await setImmediate();
    expect(fake.posts).toHaveLength(1);
  });

  it("goes on after a study that fails or went away", async () => {
    fake.system = { ...fake.system, StorageCompression: true };
    fake.failing.add("/studies/a/reconstruct");
    const plugin = await start();
    await passMinutes(1);
    expect(fake.posts).toHaveLength(3);
    expect(await status(plugin)).toMatchObject({ StudiesProcessed: 3, CurrentlyProcessedConfiguration: null });
  });

  it("is enabled by the configuration, unless nothing may be changed", () => {
    expect(enabled({ Housekeeper: { Enable: true } })).toBe(true);
    expect(enabled({ Housekeeper: { Enable: false } })).toBe(false);
    expect(enabled({})).toBe(false);
    expect(enabled({ Housekeeper: { Enable: true }, ReadOnly: true })).toBe(false);
  });
});
