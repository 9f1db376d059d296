import type { Archive } from "../archive/archive.ts";
import { mapAhead } from "../archive/ahead.ts";
import { openFrames } from "../archive/frames.ts";
import { findPixelData } from "../archive/pixel-data.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import type { FrameShape } from "../pixels/frame.ts";
import { frameShape } from "../pixels/frame-shape.ts";
import { ServerError } from "../util/errors.ts";
import { dicomWebUrl, resourceUrl } from "./base-url.ts";
import { frameForms } from "./frame-media-types.ts";
import type { DicomWebOptions } from "./options.ts";
import { type SentFrames, sentFrames } from "./sent-frames.ts";
import { findInstance, resourcePath, type WadoInstance } from "./wado-find.ts";

export interface WadoFramesParts {
  readonly archive: Pick<Archive, "header" | "dataset" | "readValue">;
  readonly catalog: Pick<Catalog, "find">;
  readonly pool: Pick<CodecPool, "run" | "size">;
  /** `DicomLossyTranscodingQuality` */
  readonly lossyQuality: number;
  readonly options: DicomWebOptions;
}

/** Frames of instances (PS3.18 §10.4.1.1.4), transcoded where they are asked for in another form than they are stored in. */
export function wadoFramesRoutes(parts: WadoFramesParts): readonly Route[] {
  const path = `${parts.options.root}studies/{study}/series/{series}/instances/{instance}/frames`;
  const handle = async (request: HttpRequest): Promise<Reply> => await retrieveFrames(parts, request);
  return [
    { method: "GET", path, tag: "DICOMweb", summary: "Retrieve all frames (WADO-RS)", handle },
    { method: "GET", path: `${path}/{list}`, tag: "DICOMweb", summary: "Retrieve frames (WADO-RS)", handle },
  ];
}

async function retrieveFrames(parts: WadoFramesParts, request: HttpRequest): Promise<Reply> {
  const { archive, catalog, options, pool, lossyQuality } = parts;
  const { list } = request.parameters;
  const wanted = list === undefined ? undefined : parseFrameList(list);
  const instance = await findInstance(catalog, resourcePath(request.parameters));
  const pixels = await findPixelData(archive, instance.id);
  if (transferSyntax(pixels.transferSyntaxUID)?.video === true) {
    throw new ServerError("BadRequest", "the frames of a video cannot be retrieved one by one");
  }
  const forms = frameForms(request.headers.accept, pixels.transferSyntaxUID);
  const frames = await openFrames(pixels, (range) => archive.readValue(instance.id, range));
  const numbers = wanted ?? Array.from({ length: frames.count }, (_, index) => index + 1);
  const beyond = numbers.find((number) => number > frames.count);
  if (beyond !== undefined) {
    throw new ServerError("InexistentItem", `there is no frame ${beyond}: the instance has ${frames.count}`);
  }
  const shape = (): FrameShape => frameShape(pixels.dataset);
  const sent = await sentFrames({ pool, lossyQuality, frames, shape }, forms, (numbers[0] ?? 1) - 1);
  const boundary = newBoundary();
  const base = frameUrl(dicomWebUrl(request, options), instance);
  const body = writeMultipart(frameParts(sent, numbers, { base, concurrency: pool.size }), boundary);
  return stream(`multipart/related; type="${sent.contentType.split(";")[0] ?? ""}"; boundary=${boundary}`, body);
}

function frameUrl(base: string, instance: WadoInstance): string {
  return `${resourceUrl(base, instance)}/frames/`;
}

/** Frame numbers from 1 (PS3.18 §10.4.1.1.4). */
export function parseFrameList(list: string): readonly number[] {
  return list.split(",").map((text) => {
    if (!/^\s*\d{1,9}\s*$/.test(text) || Number(text) < 1) {
      throw new ServerError("ParameterOutOfRange", `frames: expected numbers from 1, found "${text}"`);
    }
    return Number(text);
  });
}

async function* frameParts(
  sent: SentFrames,
  numbers: readonly number[],
  { base, concurrency }: { readonly base: string; readonly concurrency: number },
): AsyncGenerator<OutgoingPart, void, void> {
  const part = async (number: number): Promise<OutgoingPart> => {
    const { length, body } = await sent.read(number - 1);
    const headers = {
      "Content-Type": sent.contentType,
      "Content-Length": String(length),
      "Content-Location": `${base}${number}`,
      "MIME-Version": "1.0",
    };
    return { headers, body };
  };
  yield* mapAhead(numbers, concurrency, part);
}
