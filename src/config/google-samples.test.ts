import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfiguration } from "./load.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "greyhaven-google-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The minimal configuration of the documentation of Orthanc's plugin, with other values, and one of the three kinds of credentials. */
function configuration(credentials: string): string {
  return `{
  "HttpsCACertificates": "/etc/ssl/certs/ca-certificates.crt",
  "Plugins" : [
    "."
  ],
  "GoogleCloudPlatform" : {
    "Accounts": {
      "radiology" : {
        "Project" : "hospital-north",
        "Location" : "us-central1",
        "Dataset" : "archive",
        "DicomStore" : "images",
        ${credentials}
      }
    }
  }
}`;
}

async function loaded(text: string) {
  const file = join(folder, "orthanc.json");
  writeFileSync(file, text);
  const { configuration, warnings, informations } = await loadConfiguration([file], {});
  expect(warnings).toEqual([]);
  expect(informations).toEqual(["Plugins: .: a folder of native plugins; not needed, nothing is loaded from it"]);
  expect(configuration.HttpsCACertificates).toBe("/etc/ssl/certs/ca-certificates.crt");
  return configuration.GoogleCloudPlatform;
}

const store = { Project: "hospital-north", Location: "us-central1", Dataset: "archive", DicomStore: "images" };

describe("the three sample configurations for Google", () => {
  test("a service account", async () => {
    const section = await loaded(configuration('"ServiceAccountFile" : "north.json"'));
    expect(section).toMatchObject({
      BaseUrl: "https://healthcare.googleapis.com/v1beta1/",
      Timeout: 60,
      RefreshInterval: 60,
      Accounts: { radiology: { ...store, ServiceAccountFile: join(folder, "north.json") } },
    });
  });

  test("an authorized user's file", async () => {
    const section = await loaded(configuration('"AuthorizedUserFile" : "user.json"'));
    expect(section.Accounts["radiology"]).toMatchObject({ ...store, AuthorizedUserFile: join(folder, "user.json") });
    expect(section.Accounts["radiology"]?.ServiceAccountFile).toBeUndefined();
  });

  test("an authorized user's client and refresh token", async () => {
    const credentials = {
      AuthorizedUserClientId: "1234.apps.googleusercontent.com",
      AuthorizedUserClientSecret: "d-secret",
      AuthorizedUserRefreshToken: "1/refresh",
    };
    const section = await loaded(configuration(JSON.stringify(credentials).slice(1, -1)));
    expect(section.Accounts["radiology"]).toMatchObject({ ...store, ...credentials });
  });

  test("the advanced options", async () => {
    const text = configuration('"ServiceAccountFile" : "north.json"').replace(
      '"GoogleCloudPlatform" : {',
      `// In seconds
      "HttpTimeout" : 600,
      "GoogleCloudPlatform" : {
        // Path to the URL
        "BaseUrl" : "https://healthcare.googleapis.com/v1/", "Timeout": 5, "RefreshInterval": 0,`,
    );
    expect(await loaded(text)).toMatchObject({
      BaseUrl: "https://healthcare.googleapis.com/v1/",
      Timeout: 5,
      RefreshInterval: 0,
    });
  });
});
