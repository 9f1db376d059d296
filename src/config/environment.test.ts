import { describe, expect, test } from "vitest";
import { optionPath, withEnvironment } from "./environment.ts";
import { locatedObject } from "./located.ts";
import { options } from "./options.ts";

const empty = locatedObject({ text: "configuration", folder: "/" }, new Map());
const valueWith = (environment: Record<string, string>) => withEnvironment(empty, options, environment).value;

describe("optionPath", () => {
  // The names of the Docker images: an underscore before each capital letter, two between levels.
  test.each([
    ["NAME", "Name"],
    ["DICOM_WEB__ENABLE", "DicomWeb.Enable"],
    ["AUTHENTICATION_ENABLED", "AuthenticationEnabled"],
    ["STORE_M_D5_FOR_ATTACHMENTS", "StoreMD5ForAttachments"],
    ["STORE_MD5_FOR_ATTACHMENTS", "StoreMD5ForAttachments"],
    ["HTTPS_C_A_CERTIFICATES", "HttpsCACertificates"],
    ["ORTHANC_EXPLORER2__UI_OPTIONS__ENABLE_UPLOAD", "OrthancExplorer2.UiOptions.EnableUpload"],
    ["DICOM_WEB__SERVERS__sample__HAS_DELETE", "DicomWeb.Servers.sample.HasDelete"],
    ["REGISTERED_USERS__alice", "RegisteredUsers.alice"],
    ["POSTGRE_SQL__ENABLE_INDEX", "PostgreSql.EnableIndex"],
  ])("%s is %s", (name, path) => {
    expect(optionPath(name.split("__"), options).join(".")).toBe(path);
  });
});

describe("withEnvironment", () => {
  test("values are JSON, or text where they are not", () => {
    expect(
      valueWith({ ORTHANC__HTTP_PORT: "8043", ORTHANC__NAME: "my name", ORTHANC__DICOM_WEB__ENABLE: "false" }),
    ).toEqual({ HttpPort: 8043, Name: "my name", DicomWeb: { Enable: false } });
  });

  test("a whole section comes before its members", () => {
    const accounts = '{"a": {"Project": "p"}}';
    expect(
      valueWith({
        ORTHANC__GOOGLE_CLOUD_PLATFORM__ACCOUNTS: accounts,
        ORTHANC__GOOGLE_CLOUD_PLATFORM: '{"Timeout": 5}',
        ORTHANC__GOOGLE_CLOUD_PLATFORM__ACCOUNTS__a__LOCATION: "europe-west2",
      }),
    ).toEqual({ GoogleCloudPlatform: { Timeout: 5, Accounts: { a: { Project: "p", Location: "europe-west2" } } } });
  });

  test("GREYHAVEN__ counts more than ORTHANC__, other variables do not count", () => {
    expect(valueWith({ GREYHAVEN__NAME: "ours", ORTHANC__NAME: "theirs", ORTHANC_NAME: "x", ORTHANC__: "y" })).toEqual({
      Name: "ours",
    });
  });
});
