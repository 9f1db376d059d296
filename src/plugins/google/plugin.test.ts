import { afterEach, describe, expect, it } from "vitest";
import type { Method } from "../../plugin-api.ts";
import googleCloudPlatform from "./plugin.ts";
import { applicationDefaultFile, oldGcloudFile, serviceAccountFile } from "./test/sample-credentials.ts";
import { stall } from "./test/scripted-http.ts";
import { bodyText, closeStages, stage, store, strings } from "./test/stage.ts";

afterEach(closeStages);

it("calls itself what Orthanc's users expect in /plugins", () => {
  expect(googleCloudPlatform.id).toBe("google-cloud-platform");
});

describe("the three samples of the book", () => {
  it.each([
    [{ ServiceAccountFile: "dicom-harbour.json" }, "service-account", serviceAccountFile.client_email, undefined],
    [{ AuthorizedUserFile: "dicom-user.json" }, "authorized-user", applicationDefaultFile.account, "harbour-billing"],
    [{ AuthorizedUserFile: "dicom-old-user.json" }, "authorized-user", oldGcloudFile.client_id, undefined],
    [strings, "authorized-user", strings.AuthorizedUserClientId, undefined],
  ])("%j", async (options, kind, identity, quotaProject) => {
    const { servers, json, lines } = await stage({ Accounts: { "my-google": { ...store, ...options } } });
    const server = servers.get("my-google");
    expect(server).toMatchObject({
      url: "https://healthcare.googleapis.com/v1beta1/projects/harbour/locations/europe-west6/datasets/radiology/dicomStores/main/dicomWeb/",
      hasDelete: true,
      chunkedTransfers: true,
      hasWadoRsUniversalTransferSyntax: true,
      httpHeaders: {},
    });
    const url = new URL(server?.url ?? "");
    expect(await server?.credentials?.headers({ method: "GET", url, headers: {} })).toEqual({
      Authorization: "Bearer ya29.SECRET-access",
      ...(quotaProject !== undefined && { "X-Goog-User-Project": quotaProject }),
    });
    expect(await json("GET", "/gcp/accounts/my-google")).toEqual({
      Name: "my-google",
      State: "ok",
      Kind: kind,
      Identity: identity,
      QuotaProject: quotaProject ?? null,
      Url: server?.url,
      TokenExpiresAt: "2026-11-22T12:59:59.000Z",
      LastRenewal: "2026-11-22T12:00:00.000Z",
      NextRetry: null,
      ClockSkew: null,
      LastError: null,
      FailedLayer: null,
      Remedy: null,
    });
    expect(lines.join("\n")).not.toContain("SECRET");
  });
});

describe("starting", () => {
  it("does not wait for Google", async () => {
    const sea = await stage({ Accounts: { sea: { ...store, ...strings } } }, stall);
    expect(sea.servers.has("sea")).toBe(true);
    expect(await sea.json("GET", "/gcp/accounts/sea")).toMatchObject({ State: "acquiring", TokenExpiresAt: null });
  });

  it("without a section keeps no account", async () => {
    const { json, servers } = await stage(undefined);
    expect(await json("GET", "/gcp/accounts")).toEqual([]);
    expect(servers.size).toBe(0);
  });

  it("goes on beside wrong accounts, each named once with its remedy", async () => {
    const { json, lines, servers, clock } = await stage({
      Accounts: {
        good: { ...store, ServiceAccountFile: "dicom-harbour.json" },
        "no-store": { ServiceAccountFile: "dicom-harbour.json" },
        "no-file": { ...store, ServiceAccountFile: "absent.json" },
        bare: { ...store, AuthorizedUserFile: "token-only.json" },
        swapped: { ...store, ServiceAccountFile: "dicom-user.json" },
      },
    });
    await clock.advance(1000);
    expect([...servers.keys()]).toEqual(["good", "no-file", "bare", "swapped"]);
    expect(await json("GET", "/gcp/accounts")).toEqual(["good", "no-store", "no-file", "bare", "swapped"]);
    expect(await json("GET", "/gcp/accounts", "expand")).toMatchObject([
      { Name: "good", State: "ok" },
      { Name: "no-store", State: "misconfigured", Url: null, LastError: "option Project is missing" },
      { Name: "no-file", State: "misconfigured", LastError: expect.stringContaining("absent.json") },
      {
        Name: "bare",
        State: "misconfigured",
        Remedy: expect.stringContaining("gcloud auth application-default login"),
      },
      { Name: "swapped", State: "misconfigured", Remedy: expect.stringContaining("AuthorizedUserFile") },
    ]);
    for (const name of ["no-store", "no-file", "bare", "swapped"]) {
      expect(lines.filter((line) => line.includes(`"${name}"`))).toHaveLength(1);
    }
    expect(lines.join("\n")).not.toContain("SECRET");
  });

  it("fails for a section that is none", async () => {
    await expect(stage({ Accounts: [] })).rejects.toThrow("GoogleCloudPlatform.Accounts");
  });
});

describe("routes", () => {
  it("answer sorted, indented JSON", async () => {
    const { call } = await stage({ Accounts: { sea: { ...store, ...strings } } });
    const reply = await call("GET", "/gcp/accounts/sea");
    expect(reply.type).toBe("application/json; charset=utf-8");
    expect(bodyText(reply)).toMatch(/^\{\n {3}"ClockSkew": null,\n {3}"FailedLayer": null,\n {3}"Identity"/);
  });

  it.each<[Method, string]>([
    ["GET", "/gcp/accounts/lake"],
    ["POST", "/gcp/accounts/lake/refresh"],
    ["POST", "/gcp/accounts/lake/check"],
  ])("%s %s of an unknown account is 404", async (method, path) => {
    const { call } = await stage(undefined);
    await expect(call(method, path)).rejects.toMatchObject({ errorName: "UnknownResource" });
  });

  it("refresh a token, or tell why not", async () => {
    const sea = await stage({ Accounts: { sea: { ...store, ...strings } } });
    await sea.clock.advance(10);
    expect(await sea.json("POST", "/gcp/accounts/sea/refresh")).toMatchObject({
      State: "ok",
      LastRenewal: "2026-11-22T12:00:10.000Z",
    });
    sea.http.script = () => ({ status: 400, body: { error: "invalid_grant", error_description: "Bad Request" } });
    await expect(sea.call("POST", "/gcp/accounts/sea/refresh")).rejects.toMatchObject({
      errorName: "ForbiddenAccess",
      details: expect.stringContaining("gcloud auth application-default login"),
    });
    expect(await sea.json("GET", "/gcp/accounts/sea")).toMatchObject({
      State: "needs-reauth",
      TokenExpiresAt: "2026-11-22T13:00:09.000Z",
    });
  });
});
