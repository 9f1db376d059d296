import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";

describe("the pages of Orthanc", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  it.each([
    ["/ui/", "../app/"],
    ["/ui/app", "../app/"],
    ["/ui/app/", "../../app/"],
    ["/ui/app/index.html", "../../app/"],
    ["/ui/app/settings/labels", "../../../app/"],
    [
      "/ui/app/filtered-studies?PatientID=A%201&order-by=x&StudyDate=2026-",
      "../../app/#/?PatientID=A+1&StudyDate=2026-",
    ],
    ["/ui/app/retrieve-and-view.html?StudyInstanceUID=1.2&modality=b", "../../app/#/?StudyInstanceUID=1.2"],
    ["/ui/app/favicon.ico", "../../app/favicon.svg"],
    ["/dicom-web/app/client/index.html", "../../../app/#/cloud"],
    ["/app/explorer.html", "./"],
  ])("%s leads to %s", async (path, location) => {
    const { status, headers } = await ask(server.url, `GET ${path}`);
    expect([status, headers.location]).toEqual([307, location]);
  });

  it("what they were made of is not there any more", async () => {
    for (const path of ["/ui/app/assets/index.js", "/ui/app/customizable/custom.css", "/dicom-web/app/libs/vue.js"]) {
      expect((await ask(server.url, `GET ${path}`)).status).toBe(404);
    }
  });
});

it("the addresses of Orthanc Explorer 2 are where the configuration puts them, or nowhere", async () => {
  const { url } = await serverForTest({ OrthancExplorer2: { Root: "explorer" } });
  expect((await ask(url, "GET /explorer/app/")).status).toBe(307);
  expect((await ask(url, "GET /ui/app/")).status).toBe(404);
  const { url: atRoot } = await serverForTest({ OrthancExplorer2: { Root: "/" } });
  expect((await ask(atRoot, "GET /app/")).status).toBe(200);
  const { url: without } = await serverForTest({ OrthancExplorer2: { Enable: false } });
  expect((await ask(without, "GET /ui/app/")).status).toBe(404);
});
