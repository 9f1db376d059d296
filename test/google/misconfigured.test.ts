import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callJson } from "../demo/rest-client.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";

const place = { Project: "p", Location: "l", Dataset: "d", DicomStore: "s" };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(
    {
      GoogleCloudPlatform: {
        Accounts: {
          "no-file": { ...place, ServiceAccountFile: "absent.json" },
          "token-only": { ...place, AuthorizedUserFile: "token.json" },
          "no-credential": place,
          "no-store": { Project: "p", Location: "l", Dataset: "d", ServiceAccountFile: "absent.json" },
        },
      },
    },
    { files: { "token.json": '{"token": "ya29.secret"}' } },
  );
});
afterAll(() => server.close());

describe("accounts that cannot work", () => {
  it.each([
    ["no-file", /ServiceAccountFile.*absent\.json/],
    ["token-only", /AuthorizedUserFile.*access token.*gcloud auth application-default login/],
    ["no-credential", /ServiceAccountFile.*AuthorizedUser/],
    ["no-store", /DicomStore/],
  ])("%s: one line names the account, the option and the remedy; the server runs", async (name, line) => {
    const state = await callJson<{ readonly State: string }>(`${server.url}/gcp/accounts/${name}`);
    expect(state.State).toBe("misconfigured");
    const lines = server.logged.filter((text) => text.includes(`"${name}"`) && line.test(text));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("ya29.secret");
  });

  it("says so in the check, naming the layer", async () => {
    const check = await callJson(`${server.url}/gcp/accounts/no-file/check`, { json: {} });
    expect(check).toMatchObject({ Ok: false, FailedLayer: "file" });
  });
});
