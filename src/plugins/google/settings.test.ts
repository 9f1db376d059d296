import { describe, expect, it } from "vitest";
import { parseSettings } from "./settings.ts";
import type { AccountSettings } from "./settings.ts";

const store = { Project: "harbour", Location: "europe-west6", Dataset: "radiology", DicomStore: "main" };

function accountOf(account: unknown, section: object = {}): AccountSettings {
  const [parsed] = parseSettings({ ...section, Accounts: { sea: account } }).accounts;
  if (parsed === undefined) {
    throw new Error("no account");
  }
  return parsed;
}

function problemOf(account: unknown): string {
  const { source } = accountOf(account);
  return source.from === "nowhere" ? source.problem.reason : "";
}

describe("section GoogleCloudPlatform", () => {
  it("may be absent", () => {
    expect(parseSettings(undefined)).toEqual({ timeout: 60, refreshInterval: 60, accounts: [] });
  });

  it("reads the book's first sample: a service account", () => {
    expect(accountOf({ ...store, ServiceAccountFile: "dicom-harbour.json" })).toEqual({
      name: "sea",
      url: "https://healthcare.googleapis.com/v1beta1/projects/harbour/locations/europe-west6/datasets/radiology/dicomStores/main/dicomWeb/",
      source: { from: "ServiceAccountFile", path: "dicom-harbour.json" },
    });
  });

  it("reads the book's second sample: a file of a user", () => {
    const { source } = accountOf({ ...store, AuthorizedUserFile: "dicom-user.json" });
    expect(source).toEqual({ from: "AuthorizedUserFile", path: "dicom-user.json" });
  });

  it("reads the book's third sample: a user's three strings", () => {
    const { source } = accountOf({
      ...store,
      AuthorizedUserClientId: "YYYY.apps.googleusercontent.com",
      AuthorizedUserClientSecret: "Abc",
      AuthorizedUserRefreshToken: "1/f3oh",
    });
    expect(source).toEqual({
      from: "configuration",
      clientId: "YYYY.apps.googleusercontent.com",
      clientSecret: "Abc",
      refreshToken: "1/f3oh",
    });
  });

  it("prefers the service account, then the user's file, then the strings", () => {
    const strings = { AuthorizedUserClientId: "i", AuthorizedUserClientSecret: "s", AuthorizedUserRefreshToken: "r" };
    const files = { AuthorizedUserFile: "u.json", ...strings };
    expect(accountOf({ ...store, ServiceAccountFile: "s.json", ...files }).source.from).toBe("ServiceAccountFile");
    expect(accountOf({ ...store, ...files }).source.from).toBe("AuthorizedUserFile");
    expect(accountOf({ ...store, ...strings }).source.from).toBe("configuration");
  });

  it("takes another BaseUrl, with or without a slash, and encodes names", () => {
    const account = { ...store, Project: "example.com:a b", DicomStore: "x/y", ServiceAccountFile: "s.json" };
    const section = { BaseUrl: "https://localhost:8443/v1" };
    expect(accountOf(account, section).url).toBe(
      "https://localhost:8443/v1/projects/example.com%3Aa%20b/locations/europe-west6/datasets/radiology/dicomStores/x%2Fy/dicomWeb/",
    );
  });

  it("takes 0 for the default of Timeout and RefreshInterval", () => {
    expect(parseSettings({ Timeout: 0, RefreshInterval: 0 })).toMatchObject({ timeout: 60, refreshInterval: 60 });
    expect(parseSettings({ Timeout: 5, RefreshInterval: 2 })).toMatchObject({ timeout: 5, refreshInterval: 2 });
  });

  it.each([
    [{ ...store, Location: undefined, ServiceAccountFile: "s.json" }, "option Location is missing"],
    [{ ...store, Dataset: 5, ServiceAccountFile: "s.json" }, "option Dataset is not a name"],
    [{ ...store, DicomStore: "..", ServiceAccountFile: "s.json" }, "option DicomStore is not a name"],
    [store, "no credentials are given"],
    [{ ...store, ServiceAccountFile: "" }, "option ServiceAccountFile is not a path"],
    [
      { ...store, AuthorizedUserClientId: "i", AuthorizedUserClientSecret: "s" },
      "option AuthorizedUserRefreshToken is missing",
    ],
    ["sea", "the account is not an object"],
  ])("keeps the problem of a wrong account: %j", (account, reason) => {
    expect(problemOf(account)).toBe(reason);
  });

  it("gives no URL to an account whose store is not named, and leaves the others alone", () => {
    const { accounts } = parseSettings({ Accounts: { bad: {}, good: { ...store, ServiceAccountFile: "s.json" } } });
    expect(accounts.map(({ url, source }) => [url === undefined, source.from])).toEqual([
      [true, "nowhere"],
      [false, "ServiceAccountFile"],
    ]);
  });

  it.each([
    [[], "GoogleCloudPlatform: expected an object"],
    [{ Accounts: [] }, "GoogleCloudPlatform.Accounts: expected an object of accounts by name"],
    [{ BaseUrl: "healthcare" }, "GoogleCloudPlatform.BaseUrl: expected a URL"],
    [{ Timeout: "1" }, "GoogleCloudPlatform.Timeout: expected seconds, 0 or more"],
    [{ RefreshInterval: -1 }, "GoogleCloudPlatform.RefreshInterval: expected seconds, 0 or more"],
  ])("refuses a section that is wrong as a whole: %j", (section, message) => {
    expect(() => parseSettings(section)).toThrow(message);
  });
});
