import { expect, it, vi } from "vitest";
import { ask, askJson } from "./ask.ts";
import { folderForTest, serverForTest } from "./server-for-test.ts";
import { uploadStudy } from "./upload.ts";

const rle = "1.2.840.10008.1.2.5";

interface Status {
  readonly CurrentlyProcessedConfiguration: object | null;
  readonly LastProcessedConfiguration: object | null;
}

const admission = { attributes: [[0x00380010, "LO", "A 17"]] } as const;

it("the housekeeper stores and indexes everything by the configuration as it is now", async () => {
  const folder = await folderForTest();
  const before = await serverForTest({}, { folder });
  const [{ ID, ParentSeries, ParentStudy }] = await uploadStudy(before.url, { instances: 2, ...admission });
  await uploadStudy(before.url, { instances: 1, seed: 2 });
  const pixels = (await ask(before.url, `GET /instances/${ID}/frames/0/raw`)).bytes;
  await before.close();

  const after = await serverForTest(
    {
      StorageCompression: true,
      IngestTranscoding: rle,
      ExtraMainDicomTags: { Study: ["AdmissionID"] },
      Housekeeper: { Enable: true, ThrottleDelay: 0 },
    },
    { folder },
  );
  const { url } = after;
  expect(await askJson(url, "GET /plugins")).toContain("housekeeper");
  await vi.waitFor(
    async () => {
      const status = await askJson<Status>(url, "GET /plugins/housekeeper/status");
      expect(status).toMatchObject({
        CurrentlyProcessedConfiguration: null,
        LastProcessedConfiguration: { StorageCompressionEnabled: true, IngestTranscoding: rle },
        StudiesProcessed: 2,
        StudiesToProcess: 2,
      });
    },
    { timeout: 20_000, interval: 100 },
  );
  expect(await askJson(url, `GET /instances/${ID}/metadata?expand`)).toMatchObject({ TransferSyntax: rle });
  expect((await ask(url, `GET /instances/${ID}/attachments/dicom/is-compressed`)).text()).toBe("1");
  expect(await askJson(url, `GET /studies/${ParentStudy}`)).toMatchObject({
    MainDicomTags: { AdmissionID: "A 17" },
  });
  expect(await askJson(url, `GET /series/${ParentSeries}/attachments`)).toEqual(["4301"]);
  const whole = await ask(url, `GET /instances/${ID}/file?transcode=1.2.840.10008.1.2.1`);
  expect(whole.bytes.includes(pixels)).toBe(true);
}, 30_000);
