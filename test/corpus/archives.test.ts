import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGreyhaven, type GreyhavenProcess } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { ask, askJson, type Answer } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";
import { growthDuring } from "./process-memory.ts";

const folder = sharedData();
const megabyte = 2 ** 20;

/** SOPInstanceUIDs of the files in the archives, as dcmdump prints them. */
const CT = "1.3.6.1.4.1.5962.1.1.1.1.1.20040119072730.12322";
const MR = "1.3.6.1.4.1.5962.1.1.4.1.1.20040826185059.5457";
const small = "2.25.273909669046039883559269306432929279813";

/**
 * What is stored of each archive (behaviour §2.8): the DICOM instances in it; other files, archives within it and those that
 * are damaged are passed over.
 */
const archives: readonly (readonly [name: string, stored: readonly string[], why: string])[] = [
  ["two_dicom.zip", [CT, MR], "two files in folders"],
  ["stored.zip", [CT], "not compressed"],
  ["unicode_names.zip", [CT, small], "names that are no ASCII"],
  ["duplicate_member.zip", [CT, MR], "two files of one name"],
  ["path_traversal.zip", [CT, MR, MR], "names that lead out of the folder: names are not used"],
  ["mixed.zip", [CT], "beside text, a picture and a DICOMDIR"],
  ["nested.zip", [MR], "the archive within is not opened"],
  ["bad_crc.zip", [], "the file is damaged"],
  ["only_text.zip", [], "no DICOM file"],
  ["many_members.zip", [], "2000 tiny files, none of DICOM"],
  ["bomb_100mb.zip", [], "100 MiB of zeros, which are no DICOM"],
];

/** Neither DICOM nor a ZIP archive that can be read: refused with a reason. */
const refused = [
  "empty.zip",
  "truncated.zip",
  "CT_small.7z",
  "CT_small.dcm.bz2",
  "CT_small.dcm.gz",
  "two_dicom.tar",
  "two_dicom.tar.gz",
  "multipart_related.bin",
];

function read(name: string): Buffer {
  return readFileSync(join(folder ?? "", "nondicom/archives", name));
}

interface Tags {
  readonly SOPInstanceUID: string;
}

describe.skipIf(folder === undefined)("archives of the corpus, posted to a server", () => {
  let place: string;
  let server: GreyhavenProcess;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "greyhaven-archives-"));
    server = await startGreyhaven(place, await freePort(), {});
  });
  afterAll(async () => {
    await server.stop();
    await rm(place, { recursive: true });
  });

  /** Posts, and fails when the server grows by more than 200 MB meanwhile. */
  async function post(body: Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    const { result, growth } = await growthDuring(server.pid, () =>
      ask(server.url, "POST /instances", { body, headers }),
    );
    expect(growth).toBeLessThan(200 * megabyte);
    return result;
  }

  async function storedInstances(answer: Answer): Promise<readonly string[]> {
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    const uids: string[] = [];
    for (const { Path } of answer.json() as readonly { readonly Path: string }[]) {
      uids.push((await askJson<Tags>(server.url, `GET ${Path}/simplified-tags`)).SOPInstanceUID);
    }
    return uids.toSorted();
  }

  it.each(archives)("%s: %j (%s)", async (name, stored) => {
    expect(await storedInstances(await post(read(name)))).toEqual(stored.toSorted());
  });

  it.each(refused)("%s is refused", async (name) => {
    const answer = await post(read(name));
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ OrthancStatus: 15, Details: expect.stringMatching(/.{10}/) });
  });

  it("takes gzip where Content-Encoding says so, archives too", async () => {
    const gzip = { "content-encoding": "gzip" };
    expect((await post(read("CT_small.dcm.gz"), gzip)).json()).toMatchObject({ Status: "AlreadyStored" });
    expect(await storedInstances(await post(gzipSync(read("two_dicom.zip")), gzip))).toEqual([CT, MR]);
  });

  it("refuses zeros in gzip, though they unpack to a thousand times their size", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * megabyte));
    expect((await post(bomb, { "content-encoding": "gzip" })).json()).toMatchObject({ OrthancStatus: 15 });
    expect((await ask(server.url, "GET /system")).status).toBe(200);
  });
});
