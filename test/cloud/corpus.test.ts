import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharedData } from "../shared-data.ts";
import { jsonOf } from "./testing/client.ts";
import { partsOf, startStore, type StoreFixture } from "./testing/store-fixture.ts";

const corpus = sharedData() ?? "";

/** A file of the corpus' manifest, as far as this test looks at it. */
interface CorpusFile {
  readonly path: string;
  readonly sha256: string;
  readonly expected: string;
  readonly ambiguous?: boolean;
  readonly transferSyntax?: string;
  readonly bits?: { readonly allocated: number };
  readonly uids?: { readonly study: string; readonly series: string; readonly instance: string };
}

interface PixelTruth {
  readonly bitsAllocated: number;
  readonly samplesPerPixel: number;
  readonly sha256?: readonly string[];
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(corpus, name), "utf8"));
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

const runLength = "1.2.840.10008.1.2.5";
/** What the emulator decompresses. */
const decodable = /^1\.2\.840\.10008\.1\.2(\.1|\.1\.99|\.2|\.5)?$/;

describe.skipIf(corpus === "")("real files of every encoding that can be decompressed", () => {
  const { files } = corpus === "" ? { files: [] } : (read("manifest.json") as { files: CorpusFile[] });
  const pixels = corpus === "" ? {} : (read("truth/pixels.json") as Record<string, PixelTruth>);
  const chosen = files.filter(
    ({ path, expected, ambiguous, transferSyntax = "", uids }) =>
      path.startsWith("syntaxes/") &&
      expected === "parse" &&
      ambiguous !== true &&
      decodable.test(transferSyntax) &&
      uids?.instance !== "",
  );
  let fixture: StoreFixture;

  beforeAll(async () => {
    fixture = await startStore();
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test.each(chosen)("$path", async ({ path, sha256: expectedSha256, uids, transferSyntax, bits }) => {
    const stored = await fixture.stow([readFileSync(join(corpus, path))]);
    expect(stored.text).not.toContain("FailedSOPSequence");
    const where = `/studies/${uids?.study}/series/${uids?.series}/instances/${uids?.instance}`;
    try {
      const verbatim = await fixture.send(where, { headers: { accept: "application/dicom; transfer-syntax=*" } });
      expect(sha256(verbatim.bytes)).toBe(expectedSha256);
      expect(jsonOf(await fixture.send(`${where}/metadata`))).toMatchObject([
        { "00080018": { vr: "UI", Value: [uids?.instance] } },
      ]);
      const singleBits = transferSyntax === runLength && bits?.allocated === 1;
      expect((await fixture.send(where)).status).toBe(singleBits ? 406 : 200);
      const truth = pixels[path];
      if (isComparable(truth, transferSyntax)) await expectPixels(fixture, where, truth.sha256);
    } finally {
      expect((await fixture.send(where, { method: "DELETE" })).status).toBe(200);
    }
  });
});

/** Several decoders agreed; the truth spreads single bits over bytes and interleaves the planes of native images too. */
function isComparable(
  truth: PixelTruth | undefined,
  transferSyntax: string | undefined,
): truth is PixelTruth & { readonly sha256: readonly string[] } {
  if (truth?.sha256 === undefined || truth.bitsAllocated % 8 !== 0) return false;
  return truth.samplesPerPixel === 1 || transferSyntax === runLength;
}

async function expectPixels(fixture: StoreFixture, where: string, expected: readonly string[]): Promise<void> {
  const list = expected.map((_, index) => index + 1).join(",");
  const frames = partsOf(await fixture.send(`${where}/frames/${list}`));
  expect(frames.map(sha256)).toEqual(expected);
}
