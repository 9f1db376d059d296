import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock } from "../../../test/archive/fake-clock.ts";
import { memoryKeyValues } from "../../../test/key-values.ts";
import { pluginServerForTest } from "../../../test/plugin-server.ts";
import { tagsFile, worklistTags } from "../../../test/worklists/sample-worklist.ts";
import { parseDicom } from "../../dicom/parse.ts";
import { noLog } from "../../util/log.ts";
import { databaseStore } from "./database-store.ts";
import type { WorklistStore } from "./store.ts";

const PatientID = 0x00100020;
const file = tagsFile(worklistTags("A"));

let values: Map<string, string>;
let logged: string[];
let store: WorklistStore;

beforeEach(() => {
  values = new Map();
  logged = [];
  const server = pluginServerForTest({
    log: { ...noLog, error: (message) => void logged.push(message) },
    keyValues: (name) => memoryKeyValues(name === "worklists" ? values : undefined),
    parseDicom: (bytes) => parseDicom(Buffer.from(bytes)),
  });
  store = databaseStore(server, createFakeClock());
});

describe("worklists in the database", () => {
  it("have the form of Orthanc's", async () => {
    await store.put("a", file);
    expect(JSON.parse(values.get("a") ?? "")).toEqual({
      CreatedAt: "20261123T120000",
      Dicom: file.toString("base64"),
    });
  });

  it("are kept, replaced and deleted", async () => {
    await store.put("b", file);
    await store.put("a", file);
    await store.put("b", tagsFile(worklistTags("B")));
    const all = await Array.fromAsync(store.all(), ({ id, dataset }) => `${id}: ${dataset.text(PatientID)}`);
    expect(all).toEqual(["a: A", "b: B"]);
    expect((await store.get("a"))?.createdAt).toBe(Date.UTC(2026, 10, 23, 12));
    expect([await store.delete("a"), await store.delete("a"), await store.get("a")]).toEqual([true, false, undefined]);
  });

  it("that are broken are logged and left out", async () => {
    values.set("a", "{");
    values.set("b", JSON.stringify({ CreatedAt: "20260101T000000" }));
    values.set("c", JSON.stringify({ CreatedAt: "20260101T000000", Dicom: "AAAA" }));
    expect(await Array.fromAsync(store.all())).toEqual([]);
    expect(logged).toEqual(["a", "b", "c"].map((id) => expect.stringContaining(`worklist ${id} of the database`)));
    expect(await store.get("c")).toBeUndefined();
  });
});
