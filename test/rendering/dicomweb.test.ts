import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import type { Elements } from "../phantoms/explicit-writer.ts";
import { makeImage } from "../phantoms/study.ts";
import { corpus, corpusFile } from "../pixels/pixel-truth.ts";
import { ask, askJson } from "../server/ask.ts";
import { upload } from "../server/upload.ts";
import { pixelsOf } from "./corpus-pictures.ts";

/** An image of 4 × 2 pixels in two frames, whose window is in the functional group that its frames share. */
const attributes: Elements = [
  [0x00280004, "CS", "MONOCHROME2"],
  [0x00280008, "IS", "2"],
  [0x00280010, "US", 2],
  [0x00280011, "US", 4],
  [0x00280100, "US", 8],
  [0x00280101, "US", 8],
  [0x00280102, "US", 7],
  [0x00280103, "US", 0],
  [0x00281050, "DS", ""],
  [0x00281051, "DS", ""],
  [0x00281052, "DS", ""],
  [0x00281053, "DS", ""],
  [
    0x52009229,
    "SQ",
    [
      [
        [
          0x00289132,
          "SQ",
          [
            [
              [0x00281050, "DS", "100"],
              [0x00281051, "DS", "101"],
            ],
          ],
        ],
      ],
    ],
  ],
  [0x7fe00010, "OB", Buffer.of(0, 50, 75, 100, 125, 149, 150, 255, 1, 2, 3, 4, 5, 6, 7, 8)],
];
const { file, uids } = makeImage({ rows: 8, attributes });
const study = `/dicom-web/studies/${uids.StudyInstanceUID}`;
const series = `${study}/series/${uids.SeriesInstanceUID}`;
const instance = `${series}/instances/${uids.SOPInstanceUID}`;
const png = { headers: { accept: "image/png" } };

describe("rendered resources of DICOMweb", () => {
  let server: TestServer;
  const get = (path: string, options = {}) => ask(server.url, `GET ${path}`, options);
  const shown = async (path: string): Promise<readonly number[]> => [...pixelsOf((await get(path, png)).bytes).samples];

  beforeAll(async () => {
    server = await startTestServer();
    await upload(server.url, file);
  });
  afterAll(() => server.close());

  it.each([study, series, instance, `${instance}/frames/1`])("are there at each level: %s", async (path) => {
    for (const kind of ["rendered", "thumbnail"]) {
      // Linear from 50 to 150: (x - 99.5) / 100 + 0.5 (PS3.3 §C.11.2.1.2.1).
      expect(await shown(`${path}/${kind}`)).toEqual([0, 1, 65, 129, 193, 254, 255, 255]);
      const { headers, bytes } = await get(`${path}/${kind}`);
      expect([headers["content-type"], bytes.readUInt16BE()]).toEqual(["image/jpeg", 0xffd8]);
    }
  });

  it("show the frame that is asked for, through the window that is asked for", async () => {
    expect(await shown(`${instance}/frames/2/rendered?window=4.5,8,linear-exact`)).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8].map((value) => Math.round(((value - 4.5) / 8 + 0.5) * 255)),
    );
  });

  it("show a part of the image in a viewport", async () => {
    expect(await shown(`${instance}/frames/2/rendered?viewport=2,3,1,0,-2,2&window=4,7,linear`)).toEqual([
      106, 64, 255, 234, 0, 0,
    ]);
  });

  it.each([
    [`${instance}/rendered?viewport=1`, 400],
    [`${instance}/rendered?window=1,2`, 400],
    [`${instance}/rendered?quality=0`, 400],
    [`${instance}/frames/0/rendered`, 400],
    [`${instance}/frames/3/rendered`, 400],
    [`${instance}/frames/1,2/rendered`, 400],
    ["/dicom-web/studies/1.2.3/rendered", 404],
    [`${study}/series/1.2.3/thumbnail`, 404],
  ])("%s is an error", async (path, status) => {
    expect((await get(path)).status).toBe(status);
  });

  it("are of no other types", async () => {
    expect((await get(`${instance}/rendered`, { headers: { accept: "image/gif" } })).status).toBe(400);
  });

  it("are pictures of WADO-URI as well, through Orthanc's window", async () => {
    const wado = `/wado?requestType=WADO&objectUID=${uids.SOPInstanceUID}`;
    const picture = await get(`${wado}&contentType=image/png&frameNumber=2`);
    // Orthanc knows no shared functional groups: the default window of 8 bits, 128 and 256, and its rounding down.
    const expected = [0, 50, 75, 100, 125, 149, 150, 255].map((value) => Math.floor((value * 255) / 256));
    expect([...pixelsOf(picture.bytes).samples]).toEqual(expected);
    for (const type of ["", "&contentType=image/jpeg", "&contentType=image%2Fjpg"]) {
      const { headers, bytes } = await get(`${wado}${type}`);
      expect([headers["content-type"], bytes.readUInt16BE()]).toEqual(["image/png", 0xffd8]);
    }
    expect((await get(`${wado}&contentType=image/gif`)).status).toBe(400);
  });
});

describe.skipIf(corpus === undefined)("rendered documents and films", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.close());

  async function store(path: string): Promise<string> {
    const { ID } = await upload(server.url, corpusFile(path));
    const tags = await askJson<Record<string, string>>(server.url, `GET /instances/${ID}/simplified-tags`);
    const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = tags;
    return `/dicom-web/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
  }

  it.each([
    ["objects/encapsulated/encapsulated_pdf.dcm", "application/pdf", "%PDF"],
    ["syntaxes/video/video_h264_hp41.dcm", "video/mp4", "G"],
    ["syntaxes/video/video_mpeg2_mpml.dcm", "video/mpeg", ""],
  ])("%s is sent as it is, with an icon for a thumbnail", async (path, type, begin) => {
    const instance = await store(path);
    const { status, headers, bytes } = await ask(server.url, `GET ${instance}/rendered`);
    expect([status, headers["content-type"], bytes.toString("latin1", 0, begin.length)]).toEqual([200, type, begin]);
    expect(corpusFile(path).includes(bytes)).toBe(true);
    const thumbnail = await ask(server.url, `GET ${instance}/thumbnail`, png);
    expect(pixelsOf(thumbnail.bytes).form).toBe("128 × 128 × 1 × 8 bits");
    expect((await ask(server.url, `GET ${instance}/frames/1/rendered`)).status).toBeGreaterThanOrEqual(400);
  });
});
