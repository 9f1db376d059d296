import { describe, expect, it } from "vitest";
import { parseDicom } from "../../src/dicom/parse.ts";
import { makeImage, type Phantom } from "../phantoms/study.ts";
import { decodedByOther, hasOtherDecoder } from "../pixels/other-decoders.ts";
import { ask, type Answer } from "./ask.ts";
import { partsOf } from "./multipart-answer.ts";
import { serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

const root = "1.2.840.10008.1.2";
const explicit = `${root}.1`;
const [rle, jpegBaseline, jpegLossless, jpegLs] = [`${root}.5`, `${root}.4.50`, `${root}.4.70`, `${root}.4.80`];

const ct = makeImage({ rows: 64 });
const ultrasound = makeImage({ rows: 64, modality: "US" });

/** PixelData, as OB of undefined length. */
const startOfPixelData = Buffer.from("e07f10004f420000ffffffff", "hex");

function pixelsOf(file: Buffer): Buffer {
  return parseDicom(file).dataset.get(0x7fe00010)?.value ?? Buffer.alloc(0);
}

describe("GET /instances/{id}/file?transcode=", () => {
  it.each([jpegLossless, jpegLs, rle].filter(hasOtherDecoder))(
    "%s is what DCMTK decodes to the same pixels",
    async (uid) => {
      const { url } = await serverForTest();
      const { ID } = await upload(url, ct.file);
      const { status, headers, bytes } = await ask(url, `GET /instances/${ID}/file?transcode=${uid}`);
      expect([status, headers["content-type"]]).toEqual([200, "application/dicom"]);
      expect(parseDicom(bytes).transferSyntaxUID).toBe(uid);
      expect(pixelsOf(await decodedByOther(bytes, uid)).equals(ct.pixels)).toBe(true);
    },
  );

  it("obeys lossy-quality", async () => {
    const { url } = await serverForTest({ DicomLossyTranscodingQuality: 50 });
    const { ID } = await upload(url, ultrasound.file);
    // Of the pixel data only: a lossy image gets a new SOP Instance UID, whose length is not always the same.
    const size = async (more: string): Promise<number> => {
      const { status, bytes } = await ask(url, `GET /instances/${ID}/file?transcode=${jpegBaseline}${more}`);
      expect(status).toBe(200);
      return bytes.length - bytes.indexOf(startOfPixelData);
    };
    const [low, usual, high] = [await size("&lossy-quality=10"), await size(""), await size("&lossy-quality=95")];
    expect([low < usual, usual < high]).toEqual([true, true]);
    expect(await size("&lossy-quality=50")).toBe(usual);
  });

  it.each([
    ["an unknown transfer syntax", "transcode=nope", 400, 3],
    ["a quality out of range", `transcode=${jpegBaseline}&lossy-quality=101`, 400, 3],
    ["no number for a quality", `transcode=${jpegBaseline}&lossy-quality=good`, 400, 5],
    ["what no encoder takes", `transcode=${jpegBaseline}`, 500, 2],
    ["a video", `transcode=${root}.4.102`, 500, 2],
  ])("refuses %s", async (_, query, status, code) => {
    const { url } = await serverForTest();
    const { ID } = await upload(url, ct.file);
    const answer = await ask(url, `GET /instances/${ID}/file?${query}`);
    expect([answer.status, answer.json()]).toEqual([status, expect.objectContaining({ OrthancStatus: code })]);
  });
});

function dicomWebPath({ uids }: Phantom): string {
  const { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID } = uids;
  return `/dicom-web/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances/${SOPInstanceUID}`;
}

/** The only part of an answer. */
function partOf(answer: Answer): { readonly type: string; readonly body: Buffer } {
  expect(answer.status).toBe(200);
  const [part] = partsOf(answer.headers["content-type"], answer.bytes);
  const type = /content-type: (.*)/i.exec(part?.headers ?? "")?.[1];
  if (part === undefined || type === undefined) throw new Error("no part");
  return { type: type.trim(), body: part.body };
}

describe("WADO-RS", () => {
  it.each([
    ["image/jls", jpegLs],
    ["image/jpeg", jpegLossless],
    ["image/dicom-rle", rle],
    [`image/jpeg"; transfer-syntax="${jpegBaseline}`, jpegBaseline],
  ])("gives frames as %s", async (type, uid) => {
    const { url } = await serverForTest();
    await upload(url, ultrasound.file);
    const headers = { Accept: `multipart/related; type="${type}"` };
    const part = partOf(await ask(url, `GET ${dicomWebPath(ultrasound)}/frames/1`, { headers }));
    expect(part.type).toBe(`${type.split('"')[0] ?? ""}; transfer-syntax=${uid}`);
    const file = partOf(
      await ask(url, `GET ${dicomWebPath(ultrasound)}`, {
        headers: { Accept: `multipart/related; type="application/dicom"; transfer-syntax=${uid}` },
      }),
    ).body;
    const [, fragment] = parseDicom(file).dataset.get(0x7fe00010)?.fragments ?? [];
    expect(fragment?.value?.subarray(0, part.body.length).equals(part.body)).toBe(true);
  });

  it("gives compressed frames as bytes by default", async () => {
    const { url } = await serverForTest({ IngestTranscoding: jpegLs });
    await upload(url, ct.file);
    const part = partOf(await ask(url, `GET ${dicomWebPath(ct)}/frames/1`));
    expect(part.type).toBe("application/octet-stream");
    expect(part.body.equals(ct.pixels)).toBe(true);
  });

  it("refuses what the frames cannot be, and sends files that cannot be transcoded as they are stored", async () => {
    const { url } = await serverForTest();
    await upload(url, ct.file);
    const headers = { Accept: `multipart/related; type="image/jpeg"; transfer-syntax=${jpegBaseline}` };
    expect((await ask(url, `GET ${dicomWebPath(ct)}/frames/1`, { headers })).status).toBe(400);
    const files = { Accept: `multipart/related; type="application/dicom"; transfer-syntax=${jpegBaseline}` };
    expect(partOf(await ask(url, `GET ${dicomWebPath(ct)}`, { headers: files })).body.equals(ct.file)).toBe(true);
  });
});

describe("IngestTranscoding", () => {
  it("is what instances are stored in", async () => {
    const { url } = await serverForTest({ IngestTranscoding: rle });
    const { ID, Status } = await upload(url, ct.file);
    expect(Status).toBe("Success");
    const { bytes } = await ask(url, `GET /instances/${ID}/file`);
    expect(parseDicom(bytes).transferSyntaxUID).toBe(rle);
    const back = await ask(url, `GET /instances/${ID}/file?transcode=${explicit}`);
    expect(pixelsOf(back.bytes).equals(ct.pixels)).toBe(true);
    expect((await upload(url, ct.file)).Status).toBe("AlreadyStored");
  });

  it("must be a transfer syntax", async () => {
    await expect(serverForTest({ IngestTranscoding: "nope" })).rejects.toThrow("IngestTranscoding");
  });
});
