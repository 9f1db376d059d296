import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, jsonOf, obtainToken } from "../testing/client.ts";
import { multipart, multipartType, startStore, type StoreFixture } from "../testing/store-fixture.ts";
import { tinyDicom, tinyUids } from "../testing/tiny-dicom.ts";

let fixture: StoreFixture;

beforeAll(async () => {
  fixture = await startStore();
});
beforeEach(() => {
  fixture.emulator.settings.change({ failedItemsHaveUids: true });
});
afterAll(() => fixture[Symbol.asyncDispose]());

let series = 0;
/** A file of a series of its own, so that tests do not meet. */
const freshFile = (more = {}): Buffer => tinyDicom({ series: `1.2.3.${++series}`, ...more });
const json = { accept: "application/dicom+json" };
const failure = (reason: unknown): object => ({ "00081198": { vr: "SQ", Value: [reason] } });

describe("what is stored", () => {
  test("the bytes are kept as they came; the answer is XML unless JSON is asked for", async () => {
    const file = freshFile({ instance: "1.2.77" });
    const answer = await fixture.stow([file]);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/dicom+xml");
    const url = `${fixture.emulator.url}${fixture.surface}/studies/1.2.3`;
    expect(answer.text).toContain(
      `<NativeDicomModel><DicomAttribute tag="00081190" vr="UR" keyword="RetrieveURL"><Value number="1">${url}</Value>`,
    );
    expect(answer.text).toContain('tag="00081199" vr="SQ" keyword="ReferencedSOPSequence"><Item number="1">');
    expect(fixture.emulator.instances(fixture.store)).toContainEqual({
      StudyInstanceUID: "1.2.3",
      SeriesInstanceUID: `1.2.3.${series}`,
      SOPInstanceUID: "1.2.77",
      SOPClassUID: "1.2.840.10008.5.1.4.1.1.7",
      transferSyntaxUID: "1.2.840.10008.1.2.1",
      size: file.length,
      sha256: createHash("sha256").update(file).digest("hex"),
    });
  });

  test("JSON names each instance with its URL", async () => {
    const answer = await fixture.stow([freshFile({ instance: "1.2.78" })], { headers: json });
    const path = `studies/1.2.3/series/1.2.3.${series}/instances/1.2.78`;
    expect(jsonOf(answer)).toEqual({
      "00081190": { vr: "UR", Value: [`${fixture.emulator.url}${fixture.surface}/studies/1.2.3`] },
      "00081199": {
        vr: "SQ",
        Value: [
          {
            "00081150": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] },
            "00081155": { vr: "UI", Value: ["1.2.78"] },
            "00081190": { vr: "UR", Value: [`${fixture.emulator.url}${fixture.surface}/${path}`] },
          },
        ],
      },
    });
  });

  test("a single part, chunked, larger than what is kept in memory", async () => {
    const pixels = Buffer.alloc(300_000, 7);
    const file = freshFile({ pixels, rows: 300, columns: 1000 });
    const chunks = (async function* () {
      for (let at = 0; at < file.length; at += 1000) yield file.subarray(at, at + 1000);
    })();
    const answer = await fixture.send("/studies", { headers: { "content-type": "application/dicom" }, body: chunks });
    expect(answer.status).toBe(200);
    const held = fixture.emulator.instances(fixture.store).at(-1);
    expect(held?.sha256).toBe(createHash("sha256").update(file).digest("hex"));
  });

  test("the same bytes again are stored, other bytes are a conflict", async () => {
    const first = freshFile();
    const other = Buffer.from(first);
    other.writeUInt8(99, other.length - 1);
    expect((await fixture.stow([first])).status).toBe(200);
    expect((await fixture.stow([first])).status).toBe(200);
    const answer = await fixture.stow([other], { headers: json });
    expect(answer.status).toBe(409);
    expect(jsonOf(answer)).toMatchObject(
      failure({
        "00081150": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] },
        "00081155": { vr: "UI", Value: [tinyUids.instance] },
        "00081197": { vr: "US", Value: [272] },
        "00090010": { vr: "LO", Value: ["GOOGLE"] },
        "00091097": { vr: "LT", Value: [expect.stringContaining("already exists but the DICOM files differ")] },
      }),
    );
  });

  test("PUT replaces, in v1beta1 only", async () => {
    const first = freshFile();
    const other = Buffer.from(first);
    other.writeUInt8(99, other.length - 1);
    await fixture.stow([first]);
    const put = { method: "PUT", headers: multipartType, body: multipart([other]) };
    expect((await fixture.send("/studies", put)).status).toBe(404);
    const headers = { ...multipartType, authorization: `Bearer ${fixture.token}` };
    const beta = `/v1beta1/${fixture.store}/dicomWeb/studies`;
    expect((await call(fixture.emulator, beta, { ...put, headers })).status).toBe(200);
    const hashes = fixture.emulator.instances(fixture.store).map((instance) => instance.sha256);
    expect(hashes).toContain(createHash("sha256").update(other).digest("hex"));
    expect(hashes).not.toContain(createHash("sha256").update(first).digest("hex"));
  });
});

describe("what is refused, instance by instance", () => {
  test("good and bad together: 409 with both sequences, and the good one is there", async () => {
    const good = freshFile({ instance: "1.2.90" });
    const answer = await fixture.stow([good, Buffer.from("nonsense")], { headers: json });
    expect(answer.status).toBe(409);
    expect(jsonOf(answer)).toMatchObject({
      "00081198": { Value: [{ "00081197": { Value: [272] } }] },
      "00081199": { Value: [{ "00081155": { Value: ["1.2.90"] } }] },
    });
    expect(fixture.emulator.instances(fixture.store).map((held) => held.SOPInstanceUID)).toContain("1.2.90");
  });

  test("in XML the reason is Google's private attribute", async () => {
    const answer = await fixture.stow([Buffer.from("nonsense")]);
    expect(answer.status).toBe(409);
    expect(answer.text).toContain(
      '<Item number="1"><DicomAttribute tag="00081197" vr="US" keyword="FailureReason"><Value number="1">272</Value>' +
        '</DicomAttribute><DicomAttribute tag="00090097" vr="LT" keyword="FailureDetail" privateCreator="GOOGLE">',
    );
  });

  test.each([
    ["without the DICM prefix", tinyDicom().subarray(132)],
    ["cut short", tinyDicom().subarray(0, -2)],
    ["without SOPInstanceUID", tinyDicom({ more: [[0x00080018, Buffer.alloc(0)]] })],
    ["with a malformed UID", tinyDicom({ series: "1.2.x" })],
    ["empty", Buffer.alloc(0)],
  ])("a file %s", async (_what, file) => {
    const answer = await fixture.stow([file], { headers: json });
    expect(answer.status).toBe(409);
    expect(jsonOf(answer)).not.toHaveProperty("00081199");
  });

  test("another study than the URL's", async () => {
    const answer = await fixture.stow([freshFile()], { path: "/studies/9.9.9", headers: json });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("does not match the study 9.9.9");
  });

  test("failed items may lack their UIDs", async () => {
    fixture.emulator.settings.change({ failedItemsHaveUids: false });
    const answer = await fixture.stow([freshFile()], { path: "/studies/9.9.9", headers: json });
    const item = (jsonOf(answer) as { "00081198": { Value: object[] } })["00081198"].Value[0];
    expect(Object.keys(item ?? {})).toEqual(["00081197", "00090010", "00091097"]);
  });
});

describe("the request's form", () => {
  const body = multipart([tinyDicom({ series: "1.2.3.999" })]);
  const text = body.toString("latin1");

  test.each([
    ["lines that end in LF", text.replaceAll("--bound\r\n", "--bound\n")],
    ["LF between headers and content", text.replace("dicom\r\n\r\n", "dicom\n\n")],
    ["no final boundary", text.replace("--bound--\r\n", "")],
    ["no boundary at all", "nothing"],
    ["no parts", "--bound--\r\n"],
    ["a part without headers", text.replace("Content-Type: application/dicom\r\n", "")],
    ["a part of another type", text.replace("application/dicom", "application/json")],
    ["headers without end", `--bound\r\nX: ${"y".repeat(20_000)}`],
    ["an empty body", ""],
  ])("%s: 400", async (_what, sent) => {
    const answer = await fixture.send("/studies", { headers: multipartType, body: Buffer.from(sent, "latin1") });
    expect(answer.status).toBe(400);
    expect(jsonOf(answer)).toMatchObject({ error: { code: 400, status: "INVALID_ARGUMENT" } });
  });

  test.each([
    ["preamble and epilogue", `before\r\n${text}after`, multipartType["content-type"]],
    ["a root type without quotes", text, "multipart/related; type=application/dicom; boundary=bound"],
    ["a boundary in quotes", text, 'multipart/related; boundary="bound"; type="application/dicom"'],
    ["more part headers", text.replace("--bound\r\n", "--bound\r\nContent-ID: <1>\r\n"), multipartType["content-type"]],
  ])("%s: taken", async (_what, sent, type) => {
    const options = { headers: { "content-type": type }, body: Buffer.from(sent, "latin1") };
    expect((await fixture.send("/studies", options)).status).toBe(200);
  });

  test.each(["multipart/related; boundary=bound", "multipart/form-data; boundary=bound", "text/plain", ""])(
    "content type %j: 400",
    async (type) => {
      const answer = await fixture.send("/studies", { headers: { "content-type": type }, body });
      expect(answer.status).toBe(400);
    },
  );

  test("an Accept that cannot be met: 406 as text, and nothing is stored", async () => {
    const before = fixture.emulator.instances(fixture.store).length;
    const answer = await fixture.stow([freshFile()], { headers: { accept: "application/json" } });
    expect(answer.status).toBe(406);
    expect(answer.text).toMatch(/^no supported media type found in \[application\/json\], accept-header must include/);
    expect(fixture.emulator.instances(fixture.store)).toHaveLength(before);
  });
});

describe("who may", () => {
  const path = "/studies";

  test("no token, a wrong one, an expired one: 401 with a challenge", async () => {
    const { emulator, surface } = fixture;
    const none = await call(emulator, surface + path);
    expect(none.status).toBe(401);
    expect(none.headers["www-authenticate"]).toBe('Bearer realm="https://accounts.google.com/"');
    const wrong = await call(emulator, surface + path, { headers: { authorization: "Bearer ya29.x" } });
    expect(wrong.headers["www-authenticate"]).toContain('error="invalid_token"');
    expect(jsonOf(wrong)).toMatchObject({ error: { code: 401, status: "UNAUTHENTICATED" } });
    emulator.settings.change({ clockOffset: 4000 });
    expect((await fixture.send(path)).status).toBe(401);
    emulator.settings.change({ clockOffset: 0 });
    expect((await fixture.send(path)).status).toBe(200);
  });

  test("revoked tokens: 401", async () => {
    await using own = await startStore();
    own.emulator.revoke({ what: "tokens" });
    expect((await own.send(path)).status).toBe(401);
  });

  test("a store that is not there, and a missing permission: 403", async () => {
    const { emulator, surface } = fixture;
    const reader = emulator.createServiceAccount({ permissions: ["dicomWebRead"] });
    const headers = { ...multipartType, authorization: `Bearer ${await obtainToken(emulator, reader)}` };
    const write = await call(emulator, `${surface}/studies`, { headers, body: multipart([freshFile()]) });
    expect(write.status).toBe(403);
    expect(jsonOf(write)).toMatchObject({ error: { status: "PERMISSION_DENIED" } });
    const missing = await call(emulator, `${surface.replace("dicomStores/s", "dicomStores/t")}/studies`, { headers });
    expect(missing.status).toBe(403);
    expect(missing.text).toContain("(or it may not exist)");
  });
});
