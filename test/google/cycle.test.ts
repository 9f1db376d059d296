import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, callJson } from "../demo/rest-client.ts";
import {
  accountNames,
  cloudRequest,
  type Gateway,
  inArchive,
  inCloud,
  startGateway,
  untilState,
  uploadStudy,
} from "./gateway.ts";

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

describe("the main job", () => {
  it.each(accountNames)("goes round with the account %s", async (account) => {
    await untilState(gateway, account, "ok");
    const study = await uploadStudy(gateway, { instances: 12, perSeries: 5, rows: 64, seed: account.length });

    const sent = await cloudRequest<object>(gateway, account, "stow", { Resources: [study.id], Synchronous: true });
    expect(sent).toMatchObject({ InstancesCount: "12", Server: account });
    expect(inCloud(gateway)).toEqual(study.digests);

    const query = { Uri: "/studies", Arguments: { PatientID: `PHANTOM-${account.length}` } };
    const found = await cloudRequest<readonly Record<string, { readonly Value: string }>[]>(
      gateway,
      account,
      "qido",
      query,
    );
    expect(
      found.map((match) => match["0020,000d"]?.Value ?? match["0020000d"]?.Value ?? match["0020000D"]?.Value),
    ).toEqual([study.StudyInstanceUID]);

    await call(`${gateway.server.url}/studies/${study.id}`, { method: "DELETE" });
    const received = await cloudRequest<object>(gateway, account, "retrieve", {
      Resources: [{ Study: study.StudyInstanceUID }],
      Synchronous: true,
    });
    expect(received).toMatchObject({ ReceivedInstancesCount: "12" });
    expect(await inArchive(gateway, study.id)).toEqual(study.digests);

    await cloudRequest(gateway, account, "delete", { Level: "Study", StudyInstanceUID: study.StudyInstanceUID });
    expect(inCloud(gateway).size).toBe(0);
  });

  it("lists the accounts as DICOMweb servers that can delete, without their tokens", async () => {
    const { url } = gateway.server;
    expect(await callJson(`${url}/dicom-web/servers`)).toEqual(["service", "user"]);
    expect(await callJson(`${url}/dicom-web/servers/service`)).toEqual(
      expect.arrayContaining(["get", "retrieve", "stow", "wado", "qido", "delete"]),
    );
    const expanded = JSON.stringify(await callJson(`${url}/dicom-web/servers?expand`));
    expect(expanded).toContain("/dicomStores/archive/dicomWeb/");
    for (const secret of gateway.secrets) expect(expanded).not.toContain(secret);
  });

  it("checks each layer of a working account", async () => {
    const result = await callJson<{ readonly FailedLayer: string | null }>(
      `${gateway.server.url}/gcp/accounts/user/check`,
      {
        json: {},
      },
    );
    expect(result.FailedLayer).toBeNull();
  });

  it("leaves no secret in logs, answers or files", async () => {
    const answers = await (await call(`${gateway.server.url}/gcp/accounts?expand`)).text();
    const jobs = await (await call(`${gateway.server.url}/jobs?expand`)).text();
    const storage = join(gateway.server.folder, "storage");
    const files = (await readdir(storage, { withFileTypes: true })).filter((entry) => entry.isFile());
    const stored = await Promise.all(files.map(({ name }) => readFile(join(storage, name), "latin1")));
    expect(files.length).toBeGreaterThan(0);
    for (const text of [answers, jobs, ...gateway.server.logged, ...stored]) {
      for (const secret of gateway.secrets) expect(text.includes(secret)).toBe(false);
    }
  });
});
