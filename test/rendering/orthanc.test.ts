import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Pictures } from "../../src/archive/pictures.ts";
import type { View } from "../../src/pixels/render/view.ts";
import { numpyHeader } from "../../src/rest/numpy-file.ts";
import { renderedView } from "../../src/rest/picture-request.ts";
import { hasTool } from "../debian-tool.ts";
import { type OrthancProcess, startOrthanc } from "../differential/orthanc-process.ts";
import { corpus, corpusFile, pixelTruth } from "../pixels/pixel-truth.ts";
import { ask } from "../server/ask.ts";
import { difference, picturesOf, pixelsOf } from "./corpus-pictures.ts";

/** Images that end Orthanc 1.10.1. */
const deadly: readonly string[] = ["syntaxes/fragments/HasFragmentSequence.dcm"];

interface KnownDifference {
  readonly images: RegExp;
  readonly requests: RegExp;
  readonly reason: string;
}

const knownDifferences: readonly KnownDifference[] = [
  {
    images: /\/ybrFull-RLE\.dcm$/,
    requests: /./,
    reason: "Orthanc shows Y, CB and CR as red, green and blue; DCMTK's picture is as ours (dcmtk.test.ts)",
  },
  {
    images: /\/rtdose/,
    requests: /^rendered($|\?(width|height))/,
    reason:
      "Orthanc's default window of 2^32 has more than 32 bits; ours reaches from the smallest to the largest value",
  },
];

/** Of each series of the corpus the images are alike. */
const representatives = /^(objects|syntaxes|private)\/|\/0*1[^/]*$/;

const images = pixelTruth
  .filter(
    ([path, { sha256 }]) => sha256 !== undefined && representatives.test(path) && !/^(malformed|charsets)\//.test(path),
  )
  .map(([path]) => path)
  .filter((path) => !deadly.includes(path));

/** What is compared of all images, and of small ones besides. */
const views: readonly string[] = ["preview", "rendered", "image-int16"];
const moreViews: readonly string[] = [
  "rendered?window-center=100&window-width=300.5",
  "rendered?width=77&height=31&smooth=true",
  "rendered?height=300",
  "image-uint8",
  "image-uint16",
];
/** Pixels of an image that counts as small. */
const smallPicture = 300 * 300;

function viewOf(request: string): View {
  const { pathname, searchParams } = new URL(request, "http://localhost/");
  if (pathname === "/preview") return { kind: "preview" };
  if (pathname === "/rendered") return renderedView(searchParams);
  const format = (["uint8", "uint16", "int16"] as const).find((name) => pathname === `/image-${name}`);
  if (format === undefined) throw new Error(`no view ${request}`);
  return { kind: "values", format };
}

/** A file of NumPy, as the route sends it. */
async function numpyFile(pictures: Pictures, frame: number, rescaled: boolean): Promise<Buffer> {
  const { shape, bytes } = await pictures.numbersOf("the file", frame, { rescaled });
  return Buffer.concat([numpyHeader(shape), bytes]);
}

/** Orthanc 1.10.1 rounds rescaled values down; "fix ImageProcessing::ShiftScale2() on floating-point images" of April 2022 is in 1.11. */
function roundedDown(file: Buffer): Buffer {
  const start = 10 + file.readUInt16LE(8);
  const values = new Float32Array(new Uint8Array(file.subarray(start)).buffer);
  return Buffer.concat([file.subarray(0, start), Buffer.from(values.map((value) => Math.floor(value)).buffer)]);
}

describe.skipIf(corpus === undefined || !hasTool("Orthanc"))("pictures as Orthanc 1.10.1 makes them", () => {
  let orthanc: OrthancProcess;
  let compared = 0;
  beforeAll(async () => {
    orthanc = await startOrthanc({});
  });
  afterAll(() => orthanc.stop());

  async function answer(request: string): Promise<Buffer | undefined> {
    const { status, bytes } = await ask(orthanc.url, `GET ${request}`);
    return status === 200 ? bytes : undefined;
  }

  async function unexplained(path: string, root: string, frame: number): Promise<readonly string[]> {
    const pictures = picturesOf(corpusFile(path));
    const found: string[] = [];
    const note = (request: string, problem: string): void => {
      compared++;
      const isKnown = knownDifferences.some((row) => row.images.test(path) && row.requests.test(request));
      if (problem !== "" && !isKnown) found.push(`frame ${frame}, ${request}: ${problem}`);
    };
    const values = await answer(`${root}/numpy?rescale=false`);
    const isSmall = values !== undefined && values.length < smallPicture * 2;
    for (const request of isSmall ? [...views, ...moreViews] : views) {
      const theirs = await answer(`${root}/${request}`);
      if (theirs === undefined) continue;
      const ours = await pictures.pictureOf("the file", frame, {
        view: viewOf(request),
        type: "image/png",
        quality: 90,
      });
      note(request, difference(pixelsOf(ours), pixelsOf(theirs)));
    }
    if (values !== undefined) note("numpy?rescale=false", same(await numpyFile(pictures, frame, false), values));
    if (!isSmall) return found;
    const rescaled = await answer(`${root}/numpy`);
    if (rescaled !== undefined) {
      const ours = await numpyFile(pictures, frame, true);
      note("numpy", same(ours.includes("'<f4'") ? roundedDown(ours) : ours, rescaled));
    }
    const matlab = await answer(`${root}/matlab`);
    if (matlab !== undefined) note("matlab", same(await pictures.matlabOf("the file", frame), matlab));
    return found;
  }

  it.each(images)("%s", async (path) => {
    const stored = await ask(orthanc.url, "POST /instances", { body: corpusFile(path) });
    if (stored.status !== 200) {
      // Some images have no identifiers.
      expect(stored.text()).toMatch(/Inexistent tag|missing StudyInstanceUID/);
      return;
    }
    const { ID } = stored.json() as { readonly ID: string };
    const frames = (await ask(orthanc.url, `GET /instances/${ID}/frames`)).json();
    const last = Array.isArray(frames) ? Math.min(frames.length, 3) - 1 : 0;
    const problems: string[] = [];
    for (const frame of new Set([0, last])) {
      problems.push(...(await unexplained(path, `/instances/${ID}/frames/${frame}`, frame)));
    }
    await ask(orthanc.url, `DELETE /instances/${ID}`);
    expect(problems).toEqual([]);
  });

  it("has compared most images in all ways", () => {
    expect(compared).toBeGreaterThan(images.length * 4);
  });
});

function same(one: Buffer, other: Buffer): string {
  return one.equals(other) ? "" : "other bytes";
}
