import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ask, askJson } from "../server/ask.ts";
import { folderForTest, processForTest } from "../server/server-for-test.ts";
import { upload } from "../server/upload.ts";
import { sharedData } from "../shared-data.ts";
import { growthDuring } from "./process-memory.ts";

const folder = sharedData();
const megabyte = 2 ** 20;

interface Uids {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

describe.skipIf(folder === undefined)("a stored file of 0.5 MB whose pixel data inflate to 512 MiB", () => {
  it("is read in every way within little memory", { timeout: 60_000 }, async () => {
    const server = await processForTest(await folderForTest());
    const file = readFileSync(join(folder ?? "", "malformed/generated/deflate_bomb_512mb.dcm"));
    const { ID, ParentStudy } = await upload(server.url, file);
    const uids = await askJson<Uids>(server.url, `GET /instances/${ID}/simplified-tags`);
    const instance = `/dicom-web/studies/${uids.StudyInstanceUID}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`;
    const paths = [
      `/instances/${ID}/tags?whole`,
      `/instances/${ID}/content/7fe0-0010/0`,
      `/studies/${ParentStudy}/shared-tags`,
      instance,
      `${instance}/metadata`,
      `${instance}/frames/1`,
      `${instance}/bulk/7fe00010`,
    ];
    for (const path of paths) {
      const { result, growth } = await growthDuring(server.pid, () => ask(server.url, `GET ${path}`));
      // Either what was asked for, or that there is a limit.
      expect([path, [200, 400].includes(result.status), result.bytes.length < megabyte]).toEqual([path, true, true]);
      expect(growth).toBeLessThan(200 * megabyte);
    }
    expect((await ask(server.url, `GET /instances/${ID}/file`)).bytes.equals(file)).toBe(true);
  });
});
