import { describe, expect, test } from "vitest";
import { logCategories, type LogCategory, noLog, type Logs, type Verbosity } from "../util/log.ts";
import { callRoute, methodsAt } from "../../test/call-route.ts";
import { homeRoutes } from "./home-routes.ts";
import { logLevelRoutes } from "./log-level-routes.ts";
import { pluginsRoutes } from "./plugins-routes.ts";
import { processRoutes } from "./process-routes.ts";
import { servedRoutes } from "./served-routes.ts";
import { toolsRoutes } from "./tools-routes.ts";
import type { Route } from "../http/route.ts";

test("/ and the icon lead to the web interface, relatively", async () => {
  expect(await callRoute(homeRoutes(), "GET /")).toMatchObject({ status: 307, headers: { Location: "app/" } });
  expect((await callRoute(homeRoutes(), "GET /favicon.ico")).status).toBe(307);
});

describe("/plugins", () => {
  const routes = pluginsRoutes({
    plugins: [
      { id: "dicom-web", version: "1.24", description: "DICOMweb", rootUri: "/dicom-web/app/client/index.html" },
      { id: "serve-folders", version: "1.0", description: "Files" },
      { id: "greeter", version: "1.0", description: "Greets", rootUri: "greet/world" },
    ],
  });

  test("explorer.js always comes first and is a script", async () => {
    expect((await callRoute(routes, "GET /plugins")).json()).toEqual([
      "explorer.js",
      "dicom-web",
      "serve-folders",
      "greeter",
    ]);
    expect((await callRoute(routes, "GET /plugins/explorer.js")).type).toBe("application/javascript");
  });

  test("a plugin has a RootUri only when it has a page", async () => {
    expect((await callRoute(routes, "GET /plugins/dicom-web")).json()).toEqual({
      Description: "DICOMweb",
      ExtendsOrthancExplorer: false,
      ID: "dicom-web",
      RootUri: "../dicom-web/app/client/index.html",
      Version: "1.24",
    });
    expect((await callRoute(routes, "GET /plugins/greeter")).json()).toMatchObject({ RootUri: "../greet/world" });
    expect((await callRoute(routes, "GET /plugins/serve-folders")).json()).not.toHaveProperty("RootUri");
    expect((await callRoute(routes, "GET /plugins/other")).status).toBe(404);
  });
});

describe("/tools/log-level", () => {
  const verbosities = new Map<LogCategory, Verbosity>();
  const logs: Logs = {
    category: () => noLog,
    verbosity: (category) => verbosities.get(category) ?? "default",
    setVerbosity(category, verbosity) {
      for (const each of category === "all" ? logCategories : [category]) verbosities.set(each, verbosity);
    },
    close: async () => {},
  };
  const routes = logLevelRoutes({ logs });

  test("of one category and of all", async () => {
    await callRoute(routes, "PUT /tools/log-level-http", { body: "trace" });
    expect((await callRoute(routes, "GET /tools/log-level-http")).text()).toBe("trace");
    expect((await callRoute(routes, "GET /tools/log-level-jobs")).text()).toBe("default");
    await callRoute(routes, "PUT /tools/log-level", { body: "verbose" });
    expect((await callRoute(routes, "GET /tools/log-level")).text()).toBe("verbose");
    expect((await callRoute(routes, "GET /tools/log-level-http")).text()).toBe("verbose");
  });

  test("another word is refused", async () => {
    expect(await callRoute(routes, "PUT /tools/log-level", { body: "loud" })).toMatchObject({ status: 400 });
  });
});

test("/tools/reset and /tools/shutdown answer {} and tell the process", async () => {
  const told: string[] = [];
  const routes = processRoutes({
    process: { reset: () => void told.push("reset"), shutdown: () => void told.push("shutdown") },
  });
  expect((await callRoute(routes, "POST /tools/reset")).json()).toEqual({});
  expect((await callRoute(routes, "POST /tools/shutdown")).json()).toEqual({});
  expect(told).toEqual(["reset", "shutdown"]);
});

describe("/tools", () => {
  let encoding = "Latin1";
  const routes = toolsRoutes({
    subject: { name: "Greyhaven", version: "0.1.0" },
    defaultEncoding: {
      get: () => encoding,
      set(name) {
        if (name !== "Utf8") return false;
        encoding = name;
        return true;
      },
    },
  });
  const call = (target: string, body = "") => callRoute(routes, target, { body });

  test("generate-uid gives a UUID to patients, UIDs to the others, an empty 404 to the rest", async () => {
    expect((await call("GET /tools/generate-uid?level=patient")).text()).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-/);
    for (const level of ["study", "series", "instance"]) {
      const uid = (await call(`GET /tools/generate-uid?level=${level}`)).text();
      expect(uid).toMatch(/^[0-9]+(\.(0|[1-9][0-9]*))+$/);
      expect(uid.length).toBeLessThanOrEqual(64);
    }
    const missing = await call("GET /tools/generate-uid?level=Study");
    expect([missing.status, missing.text()]).toEqual([404, ""]);
  });

  test("now and now-local are compact times", async () => {
    expect((await call("GET /tools/now")).text()).toMatch(/^\d{8}T\d{6}$/);
    expect((await call("GET /tools/now-local")).text()).toMatch(/^\d{8}T\d{6}$/);
  });

  test("default-encoding is read and set", async () => {
    expect((await call("GET /tools/default-encoding")).text()).toBe("Latin1");
    expect((await call("PUT /tools/default-encoding", "Utf8\n")).text()).toBe("Utf8");
    expect((await call("PUT /tools/default-encoding", "Klingon")).status).toBe(400);
    expect((await call("GET /tools/default-encoding")).text()).toBe("Utf8");
  });

  test("dicom-conformance lists the services and the transfer syntaxes", async () => {
    const { type, text } = await call("GET /tools/dicom-conformance");
    expect(type).toBe("text/plain");
    expect(text()).toContain("DICOM Conformance Statement of Greyhaven 0.1.0");
    expect(text()).toMatch(/Explicit VR Little Endian +\| 1\.2\.840\.10008\.1\.2\.1\n/);
    expect(text()).toContain("STOW-RS");
  });
});

const row = (method: Route["method"], path: string, writes?: true): Route => ({
  method,
  path,
  tag: "",
  summary: "",
  ...(writes ? { writes } : {}),
  handle: () => ({}),
});

describe("servedRoutes", () => {
  const routes = [row("GET", "/patients"), row("GET", "/studies/{id}"), row("DELETE", "/studies/{id}", true)];

  test("ReadOnly leaves the writing routes out", () => {
    const served = servedRoutes(routes, { readOnly: true, patientLevelEnabled: true });
    expect(methodsAt(served, "/studies/{id}")).toEqual(["GET"]);
    expect(methodsAt(served, "/patients")).toEqual(["GET"]);
  });

  test("without the patient level there is no /patients", () => {
    const served = servedRoutes(routes, { readOnly: false, patientLevelEnabled: false });
    expect(methodsAt(served, "/patients")).toEqual([]);
    expect(methodsAt(served, "/studies/{id}")).toEqual(["GET", "DELETE"]);
  });
});
