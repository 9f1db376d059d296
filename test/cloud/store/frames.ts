import { parseDicom, type ParsedDicom } from "../../../src/dicom/parse.ts";
import type { Reply } from "../http/exchange.ts";
import { negotiate, notAcceptableText, type Offer } from "../http/accept.ts";
import { GoogleError } from "../http/google-error.ts";
import { multipartReply } from "../http/multipart-writer.ts";
import { decompress, explicitLittleEndian, frameShape } from "./decompress.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";
import { canServe, notAcceptable, selected } from "./wado.ts";

const octets = "application/octet-stream";

type FrameOffer = Offer & { readonly transferSyntax: string };

/** Media types of frames with the transfer syntaxes that they may be in, the default first (PS3.18 Table 8.7.3-5). */
const frameTypes: readonly (readonly [string, readonly string[]])[] = [
  [octets, [explicitLittleEndian, "*"]],
  ["image/jpeg", jpegSyntaxes(50, 51, 57, 70)],
  ["image/jls", jpegSyntaxes(80, 81)],
  ["image/jp2", jpegSyntaxes(90, 91)],
  ["image/jphc", jpegSyntaxes(201, 202, 203)],
  ["image/jxl", jpegSyntaxes(110, 111, 112)],
  ["image/dicom-rle", ["1.2.840.10008.1.2.5"]],
];

function jpegSyntaxes(...numbers: readonly number[]): string[] {
  return numbers.map((number) => `1.2.840.10008.1.2.4.${number}`);
}

const offers: readonly FrameOffer[] = frameTypes.flatMap(([root, syntaxes]) =>
  syntaxes.flatMap((transferSyntax) => [
    { type: "multipart/related", root, transferSyntax },
    { type: root, transferSyntax },
  ]),
);

/** WADO-RS frames: as stored, or decompressed where `decompress` can. */
export async function retrieveFrames(request: StoreRequest): Promise<Reply> {
  const accept = headerOf(request, "accept");
  const offer = negotiate(accept, offers);
  if (offer === undefined) return notAcceptable(notAcceptableText(accept, offers));
  const [instance] = selected(request);
  const stored = instance.transferSyntaxUID;
  const verbatim = offer.transferSyntax === "*" || offer.transferSyntax === stored;
  if (!canServe(instance, offer.transferSyntax)) {
    return notAcceptable(`cannot transcode from ${stored} to ${offer.transferSyntax}`);
  }
  const file = await instance.bytes.whole();
  const all = framesOf(parseDicom(verbatim ? file : decompress(file)));
  const frames = (request.parameters["frames"] ?? "").split(",").map((number) => frameAt(all, number));
  const type = `${offer.root ?? offer.type}; transfer-syntax=${verbatim ? stored : explicitLittleEndian}`;
  const [only] = frames;
  if (offer.type !== "multipart/related" && frames.length === 1 && only !== undefined) {
    return { status: 200, headers: { "content-type": type }, body: only };
  }
  const parts = frames.map((frame) => ({
    type,
    async *read() {
      yield frame;
    },
  }));
  return multipartReply(offer.root ?? offer.type, parts);
}

function frameAt(frames: readonly Buffer[], number: string): Buffer {
  const frame = /^[1-9]\d{0,8}$/.test(number) ? frames[Number(number) - 1] : undefined;
  if (frame === undefined) {
    throw new GoogleError("INVALID_ARGUMENT", `no frame "${number}"; the instance has ${frames.length}`);
  }
  return frame;
}

/** PixelData, FloatPixelData, DoubleFloatPixelData. */
const pixelDataTags = [0x7fe00010, 0x7fe00008, 0x7fe00009];

function framesOf({ dataset }: ParsedDicom): Buffer[] {
  const pixelData = pixelDataTags.map((tag) => dataset.get(tag)).find((element) => element !== undefined);
  const count = dataset.number(0x00280008) ?? 1;
  if (pixelData?.fragments !== undefined) {
    const fragments = pixelData.fragments.slice(1).map((fragment) => fragment.value ?? Buffer.alloc(0));
    if (count === 1) return [Buffer.concat(fragments)];
    if (fragments.length === count) return fragments;
    throw new GoogleError("UNIMPLEMENTED", "the emulator does not join fragments of several frames");
  }
  const { pixels, samples, bytesPerSample } = frameShape(dataset);
  const length = pixels * samples * bytesPerSample;
  if (!Number.isInteger(length)) throw new GoogleError("UNIMPLEMENTED", "the emulator does not split bits into frames");
  const value = pixelData?.value ?? Buffer.alloc(0);
  return Array.from({ length: count }, (_, index) => value.subarray(index * length, (index + 1) * length));
}
