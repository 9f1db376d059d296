import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { makeStudy } from "../../test/phantoms/study.ts";
import type { FindOptions } from "../archive/find.ts";
import { defaultMainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Route } from "../http/route.ts";
import { findRoutes } from "./find-routes.ts";
import { bulkRoutes } from "./bulk-routes.ts";
import { callRoute } from "../../test/call-route.ts";
import { lookupRoutes } from "./lookup-routes.ts";
import { createNumberedNames, systemMetadata } from "./numbered-names.ts";
import { protectedRoutes } from "./protected-routes.ts";
import type { ResourceParts } from "./resources.ts";
import { resourcesRoutes } from "./resources-routes.ts";
import { statisticsRoutes } from "./statistics-routes.ts";
import { createTagPrinter } from "./tag-json.ts";

const opened = await openMemoryArchive();
const { archive, catalog } = opened;
const findOptions: FindOptions = {
  mainDicomTags: defaultMainDicomTags,
  storageAccess: "Always",
  limitFindResults: 0,
  limitFindInstances: 0,
};
const parts: ResourceParts = {
  archive,
  find: { catalog, archive, options: findOptions },
  printer: { tags: createTagPrinter(), metadataNames: createNumberedNames(systemMetadata, {}) },
};
const routes: readonly Route[] = [
  ...resourcesRoutes({ ...parts, archive }),
  ...bulkRoutes({ ...parts, catalog, archive }),
  ...findRoutes(parts),
  ...lookupRoutes({ catalog }),
  ...statisticsRoutes({ catalog }),
  ...protectedRoutes({ catalog }),
];
const call = (target: string, body?: unknown) =>
  callRoute(routes, target, body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) });
const jsonOf = async (target: string, body?: unknown) => (await call(target, body)).json();

const idsAt = async (Level: string, Resources: string[]) =>
  ((await jsonOf("POST /tools/bulk-content", { Level, Resources })) as { ID: string }[]).map(({ ID }) => ID);

const find = (body: object) => jsonOf("POST /tools/find", body);
const count = (body: object) => jsonOf("POST /tools/count-resources", body);

// Two series of two images, as test/phantoms draws them.
const images = [...makeStudy({ instances: 4, perSeries: 2, rows: 8, seed: 3 })];
const stored = await Promise.all(images.map(({ file }) => archive.ingest(file, { kind: "RestApi" })));
const ids = stored.map(({ identifiers }) => identifiers);
const [first] = ids;
const patient = first?.Patient ?? "";
const study = first?.Study ?? "";
const series = [...new Set(ids.map((id) => id.Series))].toSorted();
const instances = ids.map((id) => id.Instance).toSorted();

beforeAll(() => expect(stored.map(({ status }) => status)).toEqual(["Success", "Success", "Success", "Success"]));
afterAll(() => opened.close());

describe("lists", () => {
  test("give ids, or a page of them", async () => {
    expect(await jsonOf("GET /patients")).toEqual([patient]);
    const all = await jsonOf("GET /instances");
    expect((all as string[]).toSorted()).toEqual(instances);
    expect(await jsonOf("GET /instances?since=1&limit=2")).toEqual((all as string[]).slice(1, 3));
    expect(await jsonOf("GET /instances?since=4&limit=2")).toEqual([]);
  });

  test("give descriptions on demand", async () => {
    expect(await jsonOf("GET /studies?expand")).toMatchObject([
      {
        ID: study,
        Type: "Study",
        ParentPatient: patient,
        Series: series,
        PatientMainDicomTags: { PatientID: "PHANTOM-3" },
      },
    ]);
    expect(await jsonOf("GET /studies?expand=false")).toEqual([study]);
    expect(await jsonOf("GET /studies?response-content=Children")).toEqual([
      { ID: study, Type: "Study", Series: series },
    ]);
  });

  test("since and limit come together", async () => {
    expect(await jsonOf("GET /studies?since=0")).toMatchObject({
      error: "BadRequest",
      details: expect.stringContaining("limit"),
    });
    expect(await jsonOf("GET /studies?limit=1")).toMatchObject({
      error: "BadRequest",
      details: expect.stringContaining("since"),
    });
    expect((await call("GET /studies?since=0&limit=x")).status).toBe(400);
  });
});

describe("one resource", () => {
  test("is described at its level only", async () => {
    expect(await jsonOf(`GET /series/${series[0]}`)).toMatchObject({
      ID: series[0],
      ParentStudy: study,
      MainDicomTags: { Modality: "CT" },
      IsStable: false,
      Labels: [],
    });
    expect(await jsonOf(`GET /studies/${series[0]}`)).toMatchObject({ error: "UnknownResource" });
  });

  test("an instance has its file, its index and its parent", async () => {
    const [image] = images;
    expect(await jsonOf(`GET /instances/${first?.Instance}`)).toMatchObject({
      FileSize: image?.file.length,
      FileUuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      IndexInSeries: 1,
      MainDicomTags: { SOPInstanceUID: image?.uids.SOPInstanceUID },
      ParentSeries: first?.Series,
    });
  });

  test("tags in the formats asked for, and requested ones", async () => {
    expect(await jsonOf(`GET /patients/${patient}?short`)).toMatchObject({
      MainDicomTags: { "0010,0020": "PHANTOM-3" },
    });
    expect(await jsonOf(`GET /patients/${patient}?full`)).toMatchObject({
      MainDicomTags: { "0010,0020": { Name: "PatientID", Type: "String", Value: "PHANTOM-3" } },
    });
    expect(await jsonOf(`GET /patients/${patient}?requested-tags=Modality;PatientSex`)).toMatchObject({
      RequestedTags: { Modality: "CT", PatientSex: "O" },
    });
    expect((await call(`GET /patients/${patient}?requested-tags=Nothing`)).status).toBe(400);
  });
});

describe("relatives", () => {
  test("below are described, or listed with expand=false", async () => {
    expect(await jsonOf(`GET /patients/${patient}/studies`)).toMatchObject([{ ID: study, Type: "Study" }]);
    expect((await jsonOf(`GET /studies/${study}/instances?expand=false`)) as string[]).toHaveLength(4);
    expect((await jsonOf(`GET /series/${series[0]}/instances?expand=false`)) as string[]).toHaveLength(2);
  });

  test("above are described", async () => {
    expect(await jsonOf(`GET /instances/${instances[0]}/patient`)).toMatchObject({ ID: patient, Studies: [study] });
    expect(await jsonOf(`GET /instances/${instances[0]}/study`)).toMatchObject({ ID: study });
    expect(await jsonOf(`GET /series/${series[0]}/study`)).toMatchObject({ ID: study });
  });

  test.each(["/patients/nothing/studies", "/studies/nothing/patient", "/series/nothing/instances?expand=false"])(
    "of an unknown resource, GET %s is an error",
    async (path) => {
      expect(await jsonOf(`GET ${path}`)).toMatchObject({ error: "UnknownResource" });
    },
  );
});

describe("statistics", () => {
  const bytes = images.reduce((sum, { file }) => sum + file.length, 0);

  test("of the server", async () => {
    expect(await jsonOf("GET /statistics")).toEqual({
      CountInstances: 4,
      CountPatients: 1,
      CountSeries: 2,
      CountStudies: 1,
      TotalDiskSize: String(bytes),
      TotalDiskSizeMB: 0,
      TotalUncompressedSize: String(bytes),
      TotalUncompressedSizeMB: 0,
    });
  });

  test("of resources, with the counts below them", async () => {
    const sizes = {
      DicomDiskSize: String(bytes),
      DicomDiskSizeMB: 0,
      DicomUncompressedSize: String(bytes),
      DiskSizeMB: 0,
    };
    expect(await jsonOf(`GET /studies/${study}/statistics`)).toMatchObject({
      ...sizes,
      CountInstances: 4,
      CountSeries: 2,
    });
    expect(await jsonOf(`GET /studies/${study}/statistics`)).not.toHaveProperty("CountStudies");
    expect(await jsonOf(`GET /instances/${instances[0]}/statistics`)).not.toHaveProperty("CountInstances");
    expect(await jsonOf(`GET /series/${study}/statistics`)).toMatchObject({ error: "UnknownResource" });
  });
});

describe("/tools", () => {
  test("lookup finds by each identifier", async () => {
    expect(await jsonOf("POST /tools/lookup", "PHANTOM-3")).toEqual([
      { ID: patient, Path: `/patients/${patient}`, Type: "Patient" },
    ]);
    expect(await jsonOf("POST /tools/lookup", images[0]?.uids.StudyInstanceUID)).toMatchObject([{ ID: study }]);
    expect(await jsonOf("POST /tools/lookup", "nothing")).toEqual([]);
  });

  test("bulk-content describes what is known, with metadata", async () => {
    const found = await jsonOf("POST /tools/bulk-content", { Resources: [instances[0], "nothing", study] });
    expect(found).toMatchObject([
      { ID: instances[0], Type: "Instance", Metadata: { Origin: "RestApi" } },
      { ID: study, Type: "Study" },
    ]);
    const short = await jsonOf("POST /tools/bulk-content", { Resources: [study], Metadata: false, Short: true });
    expect(short).toMatchObject([{ MainDicomTags: { "0020,000d": images[0]?.uids.StudyInstanceUID } }]);
    expect(short).not.toMatchObject([{ Metadata: {} }]);
  });

  test("bulk-content goes up or down to a level, each resource once, sorted", async () => {
    expect(await idsAt("Study", [instances[0] ?? "", instances[1] ?? "", series[0] ?? ""])).toEqual([study]);
    expect((await idsAt("Instance", [study, instances[0] ?? ""])).toSorted()).toEqual(instances);
    expect(await idsAt("Series", ["nothing"])).toEqual([]);
  });

  test("a bad payload is refused", async () => {
    expect((await call("POST /tools/bulk-content", {})).status).toBe(400);
    expect((await call("POST /tools/bulk-delete", { Resources: [1] })).status).toBe(400);
    expect((await call("POST /tools/bulk-delete", "no JSON")).json()).toMatchObject({ error: "BadRequest" });
  });
});

describe("/tools/find", () => {
  test("gives ids, or descriptions", async () => {
    expect(await find({ Level: "Study", Query: { PatientID: "phantom-*" } })).toEqual([study]);
    expect(await find({ Level: "Study", Query: { PatientID: "other" } })).toEqual([]);
    expect(await find({ Level: "Study", Expand: true, Short: true })).toMatchObject([
      { ID: study, MainDicomTags: { "0020,000d": images[0]?.uids.StudyInstanceUID } },
    ]);
    expect(await find({ Level: "Series", ResponseContent: ["Parent"], Limit: 1 })).toEqual([
      { ID: expect.any(String), ParentStudy: study, Type: "Series" },
    ]);
  });

  test("heeds the case of letters on demand", async () => {
    expect(await find({ Level: "Patient", Query: { PatientID: "phantom-3" }, CaseSensitive: true })).toEqual([]);
    expect(await find({ Level: "Patient", Query: { PatientID: "PHANTOM-3" }, CaseSensitive: true })).toEqual([patient]);
  });

  test("orders, pages and goes below a parent", async () => {
    const order = { Type: "DicomTagAsInt", Key: "InstanceNumber", Direction: "DESC" };
    const query = { Level: "Instance", Query: {}, ParentSeries: first?.Series, OrderBy: [order] };
    const found = (await find(query)) as string[];
    expect(found).toHaveLength(2);
    expect(found.at(-1)).toBe(first?.Instance);
    expect(await find({ ...query, Since: 1, Limit: 5 })).toEqual([first?.Instance]);
  });

  test("gives requested tags, computed ones too", async () => {
    expect(
      await find({
        Level: "Study",
        Expand: true,
        RequestedTags: ["NumberOfStudyRelatedInstances", "ModalitiesInStudy", "Rows"],
      }),
    ).toMatchObject([{ RequestedTags: { NumberOfStudyRelatedInstances: "4", ModalitiesInStudy: "CT", Rows: "8" } }]);
  });

  test("what cannot be searched is refused", async () => {
    expect(await find({ Query: {} })).toMatchObject({ error: "BadRequest" });
    expect(await find({ Level: "Study", Limit: -1 })).toMatchObject({ error: "ParameterOutOfRange" });
    expect(await find({ Level: "Study", Query: { StudyDate: "2*" } })).toMatchObject({ error: "ParameterOutOfRange" });
    expect(await find({ Level: "Study", ResponseContent: ["Nothing"] })).toMatchObject({
      error: "ParameterOutOfRange",
    });
  });

  test("count-resources counts", async () => {
    expect(await count({ Level: "Instance", Query: { PatientID: "PHANTOM-3" } })).toEqual({ Count: 4 });
    expect(await count({ Level: "Study", Query: { Rows: "8" } })).toMatchObject({ error: "BadRequest" });
    expect(await count({ Level: "Study", CaseSensitive: true })).toMatchObject({ error: "ParameterOutOfRange" });
  });
});

describe("/patients/{id}/protected", () => {
  test("is set and read", async () => {
    expect((await call(`GET /patients/${patient}/protected`)).text()).toBe("0");
    expect((await call(`PUT /patients/${patient}/protected`, "1")).status).toBe(200);
    expect((await call(`GET /patients/${patient}/protected`)).text()).toBe("1");
    expect(await jsonOf(`GET /patients/${patient}`)).toMatchObject({ IsProtected: true });
    expect((await call(`PUT /patients/${patient}/protected`, "false")).status).toBe(200);
    expect((await call(`PUT /patients/${patient}/protected`, "maybe")).json()).toMatchObject({
      error: "BadFileFormat",
    });
    expect((await call("GET /patients/nothing/protected")).json()).toMatchObject({ error: "ParameterOutOfRange" });
    expect((await call("PUT /patients/nothing/protected", "1")).json()).toMatchObject({ error: "ParameterOutOfRange" });
  });
});

// Last: it empties the archive.
describe("deleting", () => {
  // As Debian's Orthanc 1.10.1 answers: the series while it has instances, then the study.
  test("names the nearest ancestor that is left", async () => {
    const [one, other] = ids.filter((id) => id.Series === series[0]).map((id) => id.Instance);
    expect(await jsonOf(`DELETE /instances/${one}`)).toEqual({
      RemainingAncestor: { ID: series[0], Path: `/series/${series[0]}`, Type: "Series" },
    });
    expect(await jsonOf(`DELETE /instances/${other}`)).toMatchObject({
      RemainingAncestor: { ID: study, Type: "Study" },
    });
    const missing = await call(`DELETE /instances/${one}`);
    expect([missing.status, missing.text()]).toEqual([404, ""]);
    expect((await call(`DELETE /series/${study}`)).status).toBe(404);
  });

  test("everything leaves no ancestor; bulk-delete passes over what is unknown", async () => {
    const left = (await jsonOf("GET /instances")) as string[];
    expect((await call("POST /tools/bulk-delete", { Resources: ["nothing", left[0]] })).status).toBe(200);
    expect(await jsonOf("GET /instances")).toEqual(left.slice(1));
    expect(await jsonOf(`DELETE /patients/${patient}`)).toEqual({ RemainingAncestor: null });
    expect(await jsonOf("GET /studies")).toEqual([]);
  });
});

describe("resources that were indexed with other tags", () => {
  test("are told of, with what mends it", async () => {
    const told: string[] = [];
    const warn = (warning: string, text: string) => void told.push(`${warning} ${text}`);
    const mainDicomTags = { ...defaultMainDicomTags, Study: [...defaultMainDicomTags.Study, 0x00380010] };
    const find = { ...parts.find, options: { ...findOptions, mainDicomTags, warn } };
    const changed = resourcesRoutes({ ...parts, archive, find });
    const [image] = makeStudy({ instances: 1, rows: 8, seed: 8 });
    if (image === undefined) throw new Error("no image was made");
    const { identifiers } = await archive.ingest(image.file, { kind: "RestApi" });
    await callRoute(changed, `GET /patients/${identifiers.Patient}`);
    expect(told).toEqual([]);
    await callRoute(changed, `GET /studies/${identifiers.Study}`);
    expect(told).toEqual([
      `W002_InconsistentDicomTagsInDb /studies/${identifiers.Study} was indexed with other main DICOM tags: POST /studies/${identifiers.Study}/reconstruct`,
    ]);
  });
});
