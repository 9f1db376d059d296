import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTestArchive, type TestArchive } from "../../../test/archive/test-archive.ts";
import { makeImage } from "../../../test/phantoms/study.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { buildDataset } from "../../dicom/build-dataset.ts";
import { writeDicom } from "../../dicom/write.ts";
import { runFrameTask } from "../../pixels/frame-task.ts";
import { createDicom, type CreateRequest } from "./create-dicom.ts";

const origin = { kind: "RestApi" } as const;
const pam = uri(
  "image/x-portable-arbitrarymap",
  Buffer.from("P7\nWIDTH 2\nHEIGHT 1\nDEPTH 1\nMAXVAL 255\nENDHDR\n\u0001\u0002"),
);
const pdf = uri("application/pdf", Buffer.from("%PDF-1.4"));
const oddPdf = uri("application/pdf", Buffer.from("%PDF-1.45"));

function uri(mediaType: string, bytes: Buffer): string {
  return `data:${mediaType};base64,${bytes.toString("base64")}`;
}

const defaultCharset = () => SpecificCharacterSet.parse("ISO_IR 100");

let open: TestArchive;
beforeEach(async () => {
  open = await openTestArchive();
});
afterEach(() => open[Symbol.asyncDispose]());

async function created(request: Partial<CreateRequest>) {
  const { archive, catalog } = open;
  const results = await createDicom(
    { archive, catalog, codecs: { run: runFrameTask }, defaultCharset },
    {
      tags: {},
      content: undefined,
      parent: undefined,
      force: false,
      interpretBinaryTags: true,
      privateCreator: "",
      encapsulate: false,
      dated: true,
      ...request,
    },
    origin,
  );
  return Promise.all(
    results.map(async ({ identifiers }) => {
      const parsed = await archive.dataset(identifiers.Instance);
      if (parsed === undefined) throw new Error("the instance is not there");
      return { ...parsed, identifiers };
    }),
  );
}

async function one(request: Partial<CreateRequest>) {
  const [first] = await created(request);
  if (first === undefined) throw new Error("nothing was made");
  return first;
}

describe("createDicom", () => {
  it("gives an instance identifiers and the time, unless they are given", async () => {
    const { dataset } = await one({ tags: { StudyDate: "20200101", PatientID: "me", PatientName: "Doe" } });
    expect(dataset.text(0x00080020)).toBe("20200101");
    expect(dataset.text(0x00080012)).toMatch(/^\d{8}$/);
    expect(dataset.text(0x00080013)).toMatch(/^\d{6}\.\d{6}$/);
    expect(dataset.text(0x00100020)).toBe("me");
    for (const tag of [0x00080018, 0x0020000d, 0x0020000e]) expect(dataset.text(tag)).toMatch(/^2\.25\.\d+$/);
    expect(dataset.text(0x00080005)).toBe("ISO_IR 100");
  });

  it("writes text in UTF-8 where the character set has not its characters", async () => {
    const { dataset } = await one({ tags: { PatientName: "日本" } });
    expect([dataset.text(0x00080005), dataset.text(0x00100010)]).toEqual(["ISO_IR 192", "日本"]);
  });

  it("takes over what a study and its patient are, in their character set", async () => {
    const { file } = makeImage({ rows: 8, patientName: "Doe^Jane", attributes: [] });
    const { identifiers } = await open.archive.ingest(file, origin);
    const { dataset, identifiers: made } = await one({ parent: identifiers.Study, tags: { Modality: "OT" } });
    expect([made.Patient, made.Study]).toEqual([identifiers.Patient, identifiers.Study]);
    expect(made.Series).not.toBe(identifiers.Series);
    expect(dataset.text(0x00100010)).toBe("Doe^Jane");
    expect(dataset.text(0x00080020)).toBe("20261102");
    expect(dataset.has(0x00280010)).toBe(false);
    const below = await one({ parent: identifiers.Series });
    expect(below.identifiers.Series).toBe(identifiers.Series);
    expect(below.dataset.has(0x00080021)).toBe(
      (await open.archive.header(identifiers.Instance))?.dataset.has(0x00080021),
    );
  });

  it("reads a parent in its character set", async () => {
    const dataset = buildDataset([
      { tag: 0x00080005, value: "ISO_IR 144" },
      { tag: 0x00080016, value: "1.2.840.10008.5.1.4.1.1.7" },
      { tag: 0x00080018, value: "1.2.3" },
      { tag: 0x00100010, value: "Люкceмбypг" },
      { tag: 0x0020000d, value: "1.2" },
      { tag: 0x0020000e, value: "1.2.1" },
    ]);
    const { identifiers } = await open.archive.ingest(
      writeDicom({ dataset }, { transferSyntaxUID: "1.2.840.10008.1.2.1" }),
      origin,
    );
    const kept = await one({ parent: identifiers.Patient });
    expect([kept.dataset.text(0x00080005), kept.dataset.text(0x00100010)]).toEqual(["ISO_IR 144", "Люкceмбypг"]);
    const recoded = await one({ parent: identifiers.Patient, tags: { StudyDescription: "日本" } });
    expect([recoded.dataset.text(0x00080005), recoded.dataset.text(0x00100010)]).toEqual(["ISO_IR 192", "Люкceмбypг"]);
  });

  it("lets tags change what comes from the parent only by force", async () => {
    const { file } = makeImage({ rows: 8 });
    const { identifiers } = await open.archive.ingest(file, origin);
    const request = { parent: identifiers.Study, tags: { PatientName: "Other" } };
    await expect(created(request)).rejects.toMatchObject({
      errorName: "CreateDicomOverrideTag",
      details: "PatientName",
    });
    expect((await one({ ...request, force: true })).dataset.text(0x00100010)).toBe("Other");
  });

  it("makes a series of an array, each instance with tags of its own", async () => {
    const content = [pam, { Content: pam, Tags: { ImageComments: "second" } }];
    const [first, second, ...none] = await created({ tags: { Modality: "OT" }, content });
    expect(none).toEqual([]);
    expect(first?.identifiers.Series).toBe(second?.identifiers.Series);
    const values = [first, second].map((instance) =>
      [0x00200013, 0x00541330, 0x00201002, 0x00200105, 0x00204000].map((tag) => instance?.dataset.text(tag)),
    );
    expect(values).toEqual([
      ["1", "1", "2", "1", undefined],
      ["2", "2", "2", "1", "second"],
    ]);
  });

  it("leaves nothing behind when one of them cannot be made", async () => {
    const content = [pam, pam, uri("image/png", Buffer.from("no PNG"))];
    await expect(created({ content })).rejects.toMatchObject({ errorName: "BadFileFormat" });
    expect(await open.catalog.count({ level: "Patient" })).toBe(0);
  });

  it("embeds documents, and tells the length of odd ones", async () => {
    const { dataset } = await one({ content: pdf });
    expect(dataset.text(0x00080016)).toBe("1.2.840.10008.5.1.4.1.1.104.1");
    expect([dataset.text(0x00080060), dataset.text(0x00080064), dataset.text(0x00420012)]).toEqual([
      "OT",
      "WSD",
      "application/pdf",
    ]);
    expect(dataset.get(0x00420011)?.value?.toString()).toBe("%PDF-1.4");
    expect(dataset.has(0x00420015)).toBe(false);
    expect((await one({ content: oddPdf, tags: { Modality: "DOC" } })).dataset.number(0x00420015)).toBe(9);
  });

  it.each<[string, Partial<CreateRequest>, string]>([
    ["pixel data as a tag", { tags: { PixelData: "x" } }, "CreateDicomUseContent"],
    ["content that is no text", { content: 5 }, "CreateDicomUseDataUriScheme"],
    ["content that is no data URI", { content: "http://example.org" }, "BadFileFormat"],
    ["an instance without content", { content: [{ Tags: {} }] }, "CreateDicomNoPayload"],
    ["other media types", { content: uri("text/plain", Buffer.from("x")) }, "NotImplemented"],
    ["a PDF that is none", { content: uri("application/pdf", Buffer.from("PDF")) }, "BadFileFormat"],
    ["an unknown parent", { parent: "nothing" }, "CreateDicomBadParent"],
    ["a StudyInstanceUID without force", { tags: { StudyInstanceUID: "1.2" } }, "CreateDicomOverrideTag"],
    ["a SOPInstanceUID without force", { tags: { "0008,0018": "1.2" } }, "CreateDicomOverrideTag"],
    [
      "a tag that all instances have",
      { tags: { Modality: "OT" }, content: [{ Content: pam, Tags: { Modality: "CT" } }] },
      "CreateDicomOverrideTag",
    ],
    ["an unknown character set", { tags: { SpecificCharacterSet: "KLINGON" } }, "ParameterOutOfRange"],
  ])("refuses %s", async (_, request, errorName) => {
    await expect(created(request)).rejects.toMatchObject({ errorName });
    expect(await open.catalog.count({ level: "Instance" })).toBe(0);
  });

  it("refuses an instance as parent", async () => {
    const { identifiers } = await open.archive.ingest(makeImage({ rows: 8 }).file, origin);
    await expect(created({ parent: identifiers.Instance })).rejects.toMatchObject({
      errorName: "CreateDicomParentIsInstance",
    });
  });
});
